package dev.understudy.core.automation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.core.automation.RehearsalCase.ExpectedChange;
import dev.understudy.core.config.SectionReader;
import dev.understudy.sandbox.control.RunReport.FileChange;
import dev.understudy.sandbox.control.RunRequest.Language;
import dev.understudy.sandbox.control.tester.Expectation.Ending;
import dev.understudy.sandbox.control.tester.Expectation.ResultCheck;
import dev.understudy.sandbox.control.tester.LimitName;
import dev.understudy.spi.ScriptLanguage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a test's {@code expect}. How the run ends: {@code success} (true), {@code error} (a text that a failure's error
 * contains), {@code limit} (the limit that ends it). What holds for the result of a success, any of: {@code value} (the
 * same, all of it), {@code result} (at least these fields), {@code schema} (valid under this JSON schema, as a table or as
 * JSON text), {@code assertion} (a script in {@code assertion_language} that succeeds and does not return false). And
 * {@code changes}, the files that change.
 */
final class ExpectReader {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final List<String> OF_RESULT = List.of("value", "result", "schema", "assertion");

    private final SectionReader section;
    private final ScriptLanguage language;

    /** @param language of the automation, in which an assertion is written unless it says otherwise */
    ExpectReader(SectionReader section, ScriptLanguage language) {
        this.section = section;
        this.language = language;
    }

    Ending ending() {
        var limits = new LinkedHashMap<String, LimitName>();
        for (LimitName limit : LimitName.values()) limits.put(limit.id(), limit);
        boolean fails = section.has("error") || section.has("limit");
        boolean success = section.flag("success", !fails);
        String error = section.text("error", "", "a text", text -> !text.isBlank());
        LimitName limit = section.choice("limit", LimitName.WALL, limits);
        if (success && fails)
            section.mistake("success", "is true", "but 'error' and 'limit' are for runs that do not succeed");
        if (section.has("error") && section.has("limit"))
            section.mistake("limit", "is given beside 'error'", "but a run ends in one way");
        if (success) return new Ending.Success();
        if (section.has("limit")) return new Ending.LimitExceeded(Optional.of(limit));
        return new Ending.Failure(section.has("error") ? Optional.of(error) : Optional.empty());
    }

    List<ResultCheck> checks(Ending ending) {
        var checks = new ArrayList<ResultCheck>();
        Object value = section.plain("value");
        if (value != null) checks.add(new ResultCheck.EqualTo(AutomationFile.json(value)));
        Map<String, Object> fields = section.section("result").plainEntries();
        if (!fields.isEmpty()) checks.add(new ResultCheck.Includes(AutomationFile.json(fields)));
        schema().ifPresent(checks::add);
        assertion().ifPresent(checks::add);
        if (ending instanceof Ending.Success) return checks;
        for (String key : OF_RESULT)
            if (section.has(key)) section.mistake(key, "is given", "but a run that does not succeed has no result");
        return List.of();
    }

    private Optional<ResultCheck> schema() {
        Object schema = section.plain("schema");
        if (schema == null) return Optional.empty();
        if (schema instanceof Map) return Optional.of(new ResultCheck.MatchesSchema(AutomationFile.json(schema)));
        try {
            if (schema instanceof String text && JSON.readTree(text).isObject())
                return Optional.of(new ResultCheck.MatchesSchema(text));
        } catch (JsonProcessingException _) {
            // Reported below, as any other value that is no schema.
        }
        section.mistake("schema", "is " + AutomationFile.json(schema), "but must be a JSON schema, as a table or text");
        return Optional.empty();
    }

    private Optional<ResultCheck> assertion() {
        var languages = new LinkedHashMap<String, Language>();
        languages.put(ScriptLanguage.PYTHON.id(), Language.PYTHON);
        languages.put(ScriptLanguage.JAVASCRIPT.id(), Language.JAVASCRIPT);
        Language own = language == ScriptLanguage.JAVASCRIPT ? Language.JAVASCRIPT : Language.PYTHON;
        Language spoken = section.choice("assertion_language", own, languages);
        String source = section.text("assertion", "", "a script with execute(params)", text -> !text.isBlank());
        if (section.has("assertion_language") && !section.has("assertion"))
            section.mistake("assertion_language", "is given", "but there is no 'assertion'");
        return source.isEmpty() ? Optional.empty() : Optional.of(new ResultCheck.Satisfies(spoken, source));
    }

    Optional<List<ExpectedChange>> changes() {
        if (section.plain("changes") == null) return Optional.empty();
        var kinds = new LinkedHashMap<String, FileChange.Kind>();
        for (FileChange.Kind kind : FileChange.Kind.values())
            kinds.put(kind.name().toLowerCase(Locale.ROOT), kind);
        var changes = new ArrayList<ExpectedChange>();
        for (SectionReader change : section.sections("changes")) {
            changes.add(new ExpectedChange(
                    change.requiredText("path", "a path", AutomationReader::isPath),
                    change.choice("kind", FileChange.Kind.CHANGED, kinds),
                    change.has("text") ? Optional.of(change.text("text", "", "a text", _ -> true)) : Optional.empty()));
            if (!change.has("kind"))
                change.requiredText("kind", "one of " + String.join(", ", kinds.keySet()), _ -> true);
            change.plain("text");
            change.finish();
        }
        return Optional.of(changes);
    }
}
