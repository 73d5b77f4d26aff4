package dev.understudy.app;

/** Colours on a terminal, plain text everywhere else. Honours {@code NO_COLOR}. */
enum Style {
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    CYAN("36");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    String of(Console console, String text) {
        return console.isStyled() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
