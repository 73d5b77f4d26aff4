package dev.understudy.plugins.automationtemplates;

import java.util.LinkedHashSet;
import java.util.List;

/**
 * Programs that a program starts to do its work: gunzip is a script around gzip (1.12), and tar starts the packer that its
 * file's name or an option asks for. A program that is granted must be there, so none is granted that may not be needed.
 */
final class Helpers {
    private Helpers() {}

    /** @param words each as the texts that it has been, in their order */
    static List<String> of(String program, List<List<String>> words) {
        if (program.equals("gunzip") || program.equals("uncompress")) return List.of("gzip");
        if (!program.equals("tar")) return List.of();
        var helpers = new LinkedHashSet<String>();
        boolean first = true;
        for (List<String> word : words) {
            for (String text : word) {
                boolean letters = text.matches("-[A-Za-z]+") || (first && text.matches("[A-Za-z]+"));
                if (text.matches(".*\\.(gz|tgz)") || text.equals("--gzip") || (letters && text.contains("z")))
                    helpers.add("gzip");
                if (text.matches(".*\\.(bz2|tbz2?)") || text.equals("--bzip2") || (letters && text.contains("j")))
                    helpers.add("bzip2");
                if (text.matches(".*\\.(xz|txz)") || text.equals("--xz") || (letters && text.contains("J")))
                    helpers.add("xz");
                if (text.matches(".*\\.(zst|tzst)") || text.equals("--zstd")) helpers.add("zstd");
            }
            first = false;
        }
        return List.copyOf(helpers);
    }
}
