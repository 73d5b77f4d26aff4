package dev.understudy.plugins.automationtemplates;

import dev.understudy.spi.Task;
import dev.understudy.spi.TaskPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Who expands the patterns of a command, and what they mean there: bash(1) "Pathname Expansion" with its options as they
 * are without a start-up file, zshexpn(1) "Filename Generation" without {@code EXTENDED_GLOB}, and fish's "Wildcards".
 * What depends on an option that the history does not show is refused.
 */
enum Shell {
    /** Also a command of which the shell is not known. */
    BASH {
        @Override
        void require(String text) throws NotAutomatable {
            if (EXTENDED.matcher(text).find())
                throw refused(text, "an extended pattern, which bash reads only where extglob is set");
        }

        @Override
        String starsOf(String name, boolean isLast) {
            // Without globstar two are one.
            return STARS.matcher(name).replaceAll("*");
        }
    },
    /** The Bourne shell and its heirs, which know no set that a circumflex negates. */
    SH {
        @Override
        void require(String text) throws NotAutomatable {
            BASH.require(text);
            if (text.contains("[^"))
                throw refused(text, "a set that begins with ^, which not every sh takes for a negation");
        }

        @Override
        String starsOf(String name, boolean isLast) {
            return BASH.starsOf(name, isLast);
        }
    },
    ZSH {
        @Override
        void require(String text) throws NotAutomatable {
            boolean pattern = Globs.hasWildcard(text);
            if (pattern && QUALIFIED.matcher(text).find())
                throw refused(text, "a pattern with alternatives or qualifiers of zsh");
            if (text.startsWith("^") || (pattern && BEYOND_SETS.matcher(text).find()))
                throw refused(text, "a pattern that zsh reads in another way where EXTENDED_GLOB is set");
            if (text.contains("***")) throw refused(text, "a pattern that goes through links");
        }

        @Override
        String starsOf(String name, boolean isLast) {
            return name.equals("**") && !isLast ? name : STARS.matcher(name).replaceAll("*");
        }
    },
    FISH {
        @Override
        void require(String text) throws NotAutomatable {
            if (text.contains("?"))
                throw refused(text, "a question mark, which is a wildcard in some versions of fish only");
            if (Globs.hasWildcard(text.replace("*", "")))
                throw refused(text, "brackets, which fish takes for letters of the name");
            for (String name : text.split("/"))
                if (name.contains("**") && !ANY_FOLDERS.matcher(name).matches())
                    throw refused(text, "a pattern that fish lets reach over several folders");
        }

        @Override
        String starsOf(String name, boolean isLast) {
            // Any text, slashes and all, before the rest of a name.
            return name.startsWith("**") && name.length() > 2 ? "**/*" + name.substring(2) : name;
        }
    },
    /** A program that is no shell: patterns as most libraries have them, with {@code **} for any folders. */
    NONE {
        @Override
        void require(String text) throws NotAutomatable {
            if (EXTENDED.matcher(text).find() || text.contains("[^"))
                throw refused(text, "a pattern that programs read in different ways");
            for (String name : text.split("/"))
                if (name.contains("**") && !name.equals("**"))
                    throw refused(text, "a pattern that programs read in different ways");
        }

        @Override
        String starsOf(String name, boolean isLast) {
            return name;
        }
    },
    /** One whose patterns are not known here. */
    OTHER {
        @Override
        void require(String text) throws NotAutomatable {
            if (Globs.hasWildcard(text) || EXTENDED.matcher(text).find())
                throw refused(text, "a pattern of a shell whose patterns are not known here");
        }

        @Override
        String starsOf(String name, boolean isLast) {
            return name;
        }
    };

    private static final Pattern EXTENDED = Pattern.compile("[?*+@!]\\(");
    private static final Pattern STARS = Pattern.compile("\\*\\*+");
    private static final Pattern QUALIFIED = Pattern.compile("[()|<>]");
    private static final Pattern BEYOND_SETS = Pattern.compile("#|(?<!\\[)\\^|(?<!^)~");
    private static final Pattern ANY_FOLDERS = Pattern.compile("\\*\\*[^*]*");

    /** Fails if a text is or holds a pattern of which it is not certain what it means. */
    abstract void require(String text) throws NotAutomatable;

    /** One name of a pattern in the notation of {@code understudy.files.glob}. */
    abstract String starsOf(String name, boolean isLast);

    /** The shell in which the commands of a pattern were typed. */
    static Shell of(TaskPattern pattern) {
        if (!(pattern.parameters().get(Task.SHELL) instanceof String name)) return BASH;
        return switch (name) {
            case "bash" -> BASH;
            case "sh", "dash", "ash", "ksh" -> SH;
            case "zsh" -> ZSH;
            case "fish" -> FISH;
            default -> OTHER;
        };
    }

    private static NotAutomatable refused(String text, String what) {
        return NotAutomatable.mine("'" + text + "' is " + what);
    }

    /** A pattern in the notation of {@code understudy.files.glob}; a name stays as it is. */
    String portable(String text) throws NotAutomatable {
        require(text);
        if (text.contains("[.") || text.contains("[="))
            throw refused(text, "a set with collating symbols, which depend on the language of the machine");
        if (!text.contains("**")) return text;
        String[] names = text.split("/", -1);
        var translated = new ArrayList<String>();
        for (int i = 0; i < names.length; i++) translated.add(starsOf(names[i], i == names.length - 1));
        return String.join("/", translated);
    }

    /** The same for all that the shape is known to have been. */
    Shape portable(Shape shape, ShellCommand.Observed observed) throws NotAutomatable {
        if (shape.isConstant()) return Shape.literal(portable(shape.fill(Map.of())));
        List<String> texts = observed.texts(new Value.Word.One(shape));
        var parts = new ArrayList<Shape.Part>();
        for (Shape.Part part : shape.parts())
            parts.add(part instanceof Shape.Part.Literal(String text) ? new Shape.Part.Literal(portable(text)) : part);
        var translated = new Shape(parts);
        List<String> after = observed.texts(new Value.Word.One(translated));
        for (int i = 0; i < texts.size(); i++)
            if (!portable(texts.get(i)).equals(after.get(i)))
                throw refused(texts.get(i), "a pattern that varies in what reaches over folders");
        return translated;
    }

    /** Fails if an element of a run is a pattern that means something else elsewhere. */
    void requirePortable(List<String> texts) throws NotAutomatable {
        for (String text : texts)
            if (!portable(text).equals(text)) throw refused(text, "a pattern that varies in what reaches over folders");
    }
}
