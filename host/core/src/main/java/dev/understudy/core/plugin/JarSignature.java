package dev.understudy.core.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.CodeSigner;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Iterator;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * What a jar's signature says, where it has one, by the JDK's own verification (JAR File Specification, "Signed JAR File").
 * A certificate that vouches for itself will do: a signature tells that a jar is as its signer left it, not who that is.
 *
 * @param signer the subject of the first signer's certificate; empty if nobody has signed it
 * @param problem why the signature does not hold; empty if it does, or there is none
 */
record JarSignature(String signer, String problem) {
    private static final JarSignature NONE = new JarSignature("", "");

    /**
     * Reads a signed jar to its end.
     *
     * @param jar open, with verification
     * @throws IOException if it cannot be read
     */
    static JarSignature of(JarFile jar) throws IOException {
        if (jar.stream().noneMatch(entry -> isSignature(entry.getName()))) return NONE;
        String signer = "";
        Iterator<JarEntry> entries = jar.entries().asIterator();
        while (entries.hasNext()) {
            JarEntry entry = entries.next();
            if (entry.isDirectory() || isOfSignatures(entry.getName())) continue;
            try (InputStream in = jar.getInputStream(entry)) {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (SecurityException changed) {
                return new JarSignature(
                        signer,
                        "its signature does not hold: '" + entry.getName() + "' was changed after it was signed");
            }
            CodeSigner[] signers = entry.getCodeSigners();
            if (signers == null)
                return new JarSignature(
                        signer,
                        "its signature does not cover '" + entry.getName()
                                + "', or is of a kind that Java takes for too weak");
            if (signer.isEmpty()) signer = subject(signers[0]);
        }
        return new JarSignature(signer, "");
    }

    private static boolean isSignature(String name) {
        return name.startsWith("META-INF/") && name.toUpperCase(Locale.ROOT).endsWith(".SF");
    }

    /** What the signature itself consists of, which no signature can cover. */
    private static boolean isOfSignatures(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.equals("META-INF/MANIFEST.MF") || upper.matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC)");
    }

    private static String subject(CodeSigner signer) {
        Certificate leaf = signer.getSignerCertPath().getCertificates().getFirst();
        return leaf instanceof X509Certificate x509
                ? x509.getSubjectX500Principal().getName()
                : leaf.getType();
    }
}
