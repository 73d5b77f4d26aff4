package dev.understudy.app;

import java.util.regex.Pattern;

/** How a language's entries go on over lines, where the next line is already known: pasted, or waiting in a pipe. */
enum EntryStyle {
    JAVASCRIPT {
        private static final Pattern GOES_ON = Pattern.compile("\\s*(?:(?:else|catch|finally)\\b|[.?:,&|=)\\]]).*");

        @Override
        boolean goesOn(String entry, String next) {
            return GOES_ON.matcher(next).matches();
        }

        @Override
        boolean endsBefore(String entry, String next) {
            return false;
        }
    },
    PYTHON {
        private static final Pattern GOES_ON = Pattern.compile("(?:elif|else|except|finally)\\b.*");
        private static final Pattern BLOCK = Pattern.compile("(?s).*(?:\\n[ \\t]+\\S|:[ \\t]*(?:#[^\\n]*)?\\n*$).*");

        @Override
        boolean goesOn(String entry, String next) {
            boolean indented = !next.isBlank() && Character.isWhitespace(next.charAt(0));
            return indented || (BLOCK.matcher(entry).matches() && staysInBlock(next));
        }

        @Override
        boolean endsBefore(String entry, String next) {
            boolean indented = !next.isEmpty() && Character.isWhitespace(next.charAt(0));
            return !indented && BLOCK.matcher(entry).matches() && !staysInBlock(next);
        }

        private static boolean staysInBlock(String next) {
            return next.isBlank()
                    || next.startsWith("#")
                    || GOES_ON.matcher(next).matches();
        }
    },
    /** Bash says itself whether an entry goes on. */
    BASH {
        @Override
        boolean goesOn(String entry, String next) {
            return false;
        }

        @Override
        boolean endsBefore(String entry, String next) {
            return false;
        }
    };

    /** Whether an entry that could be whole belongs together with the line after it. */
    abstract boolean goesOn(String entry, String next);

    /** Whether a line begins the next entry, although the one before it was not closed as a prompt wants it. */
    abstract boolean endsBefore(String entry, String next);
}
