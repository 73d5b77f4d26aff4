package dev.understudy.plugins.tasksources;

import dev.understudy.spi.TaskSource;
import java.io.CharConversionException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.pf4j.Extension;

/**
 * Reads event logs as XES (IEEE 1849-2016): the events of all traces, with {@code concept:name} as what was done and {@code
 * time:timestamp} as when, unless other keys are named. Attributes of attributes, and those of the log, are passed over.
 *
 * <p>A document type definition is refused, so nothing can be drawn in from other files, or grow.
 */
@Extension
public final class XesSource implements TaskSource {
    private static final String ACTIVITY = "concept:name";
    private static final String TIMESTAMP = "time:timestamp";

    @Override
    public String name() {
        return "xes";
    }

    @Override
    public String description() {
        return "Event logs as XES";
    }

    @Override
    public Map<String, String> options() {
        return EventLog.OPTIONS;
    }

    @Override
    public double confidence(Probe probe) {
        if (probe.head().indexOf('\0') >= 0) return 0;
        String head = probe.head().startsWith("\uFEFF") ? probe.head().substring(1) : probe.head();
        if (!head.stripLeading().startsWith("<")) return 0;
        if (head.contains("<log") && (head.contains("xes") || probe.fileName().endsWith(".xes"))) return 1;
        return probe.fileName().endsWith(".xes") ? 0.9 : 0;
    }

    @Override
    public void read(Input input, TaskSink sink) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setXMLResolver((_, _, _, _) -> {
            throw new XMLStreamException("it draws in another file");
        });
        try {
            XMLStreamReader xml = factory.createXMLStreamReader(input.stream());
            try {
                new Log(xml, input, sink).read();
            } finally {
                xml.close();
            }
        } catch (XMLStreamException broken) {
            // What is no text in the file's encoding comes as if the stream had failed.
            if (broken.getNestedException() instanceof CharConversionException)
                throw EventLog.refused(
                        "it is not in the encoding that its first line names (UTF-8 if it names none)",
                        "Save it as UTF-8, or name its encoding in <?xml … encoding=\"…\"?>");
            if (broken.getNestedException() instanceof IOException failed) throw failed;
            int line = broken.getLocation() == null ? -1 : broken.getLocation().getLineNumber();
            // The parser's own message quotes the text, and spreads over lines.
            throw EventLog.refused(
                    "it is no well-formed XML" + (line > 0 ? " (line " + line + ")" : ""),
                    "Mend or export it again; nothing was imported");
        }
    }

    /** One pass over a document. */
    private static final class Log {
        private final XMLStreamReader xml;
        private final EventLog log;
        private final String caseKey;
        private final boolean keepsCase;
        private boolean isLog;

        Log(XMLStreamReader xml, Input input, TaskSink sink) {
            this.xml = xml;
            log = new EventLog(
                    input,
                    input.options().getOrDefault(EventLog.ACTIVITY, ACTIVITY),
                    input.options().getOrDefault(EventLog.TIMESTAMP, TIMESTAMP),
                    sink);
            caseKey = input.options().getOrDefault(EventLog.CASE, ACTIVITY);
            keepsCase = log.keepsCase();
        }

        void read() throws XMLStreamException, RefusedException {
            String caseName = "";
            boolean caseSeen = false;
            while (xml.hasNext()) {
                switch (xml.next()) {
                    case XMLStreamConstants.DTD ->
                        throw EventLog.refused(
                                "it has a document type definition, which XES does not have and which may draw in other files",
                                "Take out the line with <!DOCTYPE");
                    case XMLStreamConstants.ENTITY_REFERENCE ->
                        throw EventLog.refused(
                                "it refers to the entity '" + xml.getLocalName() + "', which XES does not have",
                                "Write out what it stands for");
                    case XMLStreamConstants.START_ELEMENT -> {
                        String element = xml.getLocalName();
                        if (!isLog) {
                            if (!element.equals("log"))
                                throw EventLog.refused(
                                        "its root is <" + element + ">, where XES has <log>",
                                        "Name an event log in XES");
                            isLog = true;
                        } else if (element.equals("trace")) caseName = "";
                        else if (element.equals("event")) readEvent(caseName);
                        else if (isAttribute(element)) {
                            if (caseKey.equals(xml.getAttributeValue(null, "key"))) {
                                caseName = value();
                                caseSeen = true;
                            }
                            skip();
                        } else skip();
                    }
                    default -> {}
                }
            }
            if (log.caseColumn() != null && !caseSeen)
                throw EventLog.refused(
                        "no trace has the key '" + caseKey + "' (--case)", "Leave --case out, or name one");
            log.end();
        }

        private static boolean isAttribute(String element) {
            return switch (element) {
                case "string", "date", "int", "float", "boolean", "id" -> true;
                default -> false;
            };
        }

        private String value() {
            String value = xml.getAttributeValue(null, "value");
            return value == null ? "" : value;
        }

        private void readEvent(String caseName) throws XMLStreamException {
            long line = xml.getLocation().getLineNumber();
            Map<String, String> fields = new LinkedHashMap<>();
            while (xml.next() != XMLStreamConstants.END_ELEMENT) {
                if (xml.getEventType() != XMLStreamConstants.START_ELEMENT) continue;
                String key = xml.getAttributeValue(null, "key");
                if (isAttribute(xml.getLocalName()) && key != null && !key.isBlank()) fields.put(key, value());
                skip();
            }
            if (keepsCase && !caseName.isEmpty()) fields.put("case:" + caseKey, caseName);
            // A log without traces has the case at each event.
            else if (!keepsCase && log.caseColumn() != null) fields.remove("case:" + caseKey);
            log.add(line, fields);
        }

        /** Passes over the rest of the element, and all in it. */
        private void skip() throws XMLStreamException {
            for (int depth = 1; depth > 0; ) {
                int next = xml.next();
                if (next == XMLStreamConstants.START_ELEMENT) depth++;
                if (next == XMLStreamConstants.END_ELEMENT) depth--;
            }
        }
    }
}
