package dev.understudy.fleet;

import dev.understudy.core.config.FleetSection;
import dev.understudy.core.problem.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Encrypted connections to a server whose certificate is for the very name that was asked for. */
final class NatsTls {
    private NatsTls() {}

    /** @throws UserException if a file cannot be read, or the password does not open it */
    static SSLContext context(Optional<FleetSection.Tls> tls) {
        try {
            char[] password = tls.isEmpty()
                    ? new char[0]
                    : Files.readString(tls.get().passwordFile()).strip().toCharArray();
            KeyStore trust = tls.isEmpty() ? null : store(tls.get().truststore(), password);
            KeyManager[] own = null;
            if (tls.isPresent() && tls.get().keystore().isPresent()) {
                var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                keys.init(store(tls.get().keystore().get(), password), password);
                own = keys.getKeyManagers();
            }
            var context = SSLContext.getInstance("TLS");
            context.init(own, new TrustManager[] {new NameToo(trusting(trust))}, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw UserException.badInput(
                    "The fleet's certificates cannot be used",
                    e.getClass().getSimpleName() + " " + e.getMessage(),
                    "Check fleet.tls: PKCS #12 files, and a file with their password");
        }
    }

    private static KeyStore store(Path file, char[] password) throws IOException, GeneralSecurityException {
        try (InputStream bytes = Files.newInputStream(file)) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(bytes, password);
            return store;
        }
    }

    private static X509ExtendedTrustManager trusting(@Nullable KeyStore store) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager each : factory.getTrustManagers())
            if (each instanceof X509ExtendedTrustManager found) return found;
        throw new GeneralSecurityException("the JDK has no trust manager for certificates");
    }

    /** The client does not compare the name in a certificate with the host that it connects to; the JDK does if asked. */
    private static final class NameToo extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager checks;

        NameToo(X509ExtendedTrustManager checks) {
            this.checks = checks;
        }

        private static SSLParameters withName(SSLParameters parameters) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            return parameters;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket)
                throws CertificateException {
            if (!(socket instanceof SSLSocket secure))
                throw new CertificateException("the connection is not encrypted");
            secure.setSSLParameters(withName(secure.getSSLParameters()));
            checks.checkServerTrusted(chain, kind, secure);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
                throws CertificateException {
            engine.setSSLParameters(withName(engine.getSSLParameters()));
            checks.checkServerTrusted(chain, kind, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            throw new CertificateException("the name cannot be checked without a connection");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket)
                throws CertificateException {
            throw new CertificateException("this is no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("this is no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            throw new CertificateException("this is no server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return checks.getAcceptedIssuers();
        }
    }
}
