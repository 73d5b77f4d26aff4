package dev.understudy.app;

/** One line on standard error that says what is being done and goes away after; nothing at all in a pipe. */
final class Progress implements AutoCloseable {
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final Console console;
    private boolean shown;

    Progress(Console console) {
        this.console = console;
    }

    void step(String text) {
        if (!console.isTerminal()) return;
        String line = Console.printable(text).replace('\n', ' ');
        int end = line.offsetByCodePoints(0, Math.min(line.codePointCount(0, line.length()), console.width() - 2));
        console.err().print(CLEAR_LINE + Style.DIM.of(console, line.substring(0, end)));
        console.err().flush();
        shown = true;
    }

    @Override
    public void close() {
        if (shown) console.err().print(CLEAR_LINE);
        shown = false;
    }
}
