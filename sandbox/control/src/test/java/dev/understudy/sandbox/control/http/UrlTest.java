package dev.understudy.sandbox.control.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlTest {
    @Nested
    class SpellingsOfOneUrl {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "http://example.org                | http://example.org/",
                    "HTTP://EXAMPLE.ORG/A              | http://example.org/A",
                    "http://example.org.:80/a          | http://example.org/a",
                    "http://example.org:/a             | http://example.org/a",
                    "https://example.org:443?q         | https://example.org/?q",
                    "https://example.org:8443/#part    | https://example.org:8443/",
                    "http://b\u00fccher.example/       | http://xn--bcher-kva.example/",
                    "http://\uff45xample\u3002org/     | http://example.org/",
                    "http://\uff11\uff12\uff17.0.0.1/  | http://127.0.0.1/",
                    "http://[::1]:8080/                | http://[0:0:0:0:0:0:0:1]:8080/",
                    "http://[::ffff:127.0.0.1]/        | http://127.0.0.1/",
                    "http://[::ffff:7f00:1]/           | http://127.0.0.1/",
                    "http://example.org/a b|http://example.org/a%20b",
                    "http://example.org/\u00fc?\u00fc  | http://example.org/%C3%BC?%C3%BC",
                    "http://example.org/?a=%20&b=@x:y  | http://example.org/?a=%20&b=@x:y",
                    "http://example.org/?a=[1]|http://example.org/?a=%5B1%5D",
                    "http://example.org/#@evil.example | http://example.org/",
                    "http://example.org?@evil.example  | http://example.org/?@evil.example",
                })
        void comeOutTheSame(String given, String expected) throws Exception {
            assertThat(Url.parse(given)).hasToString(expected);
        }
    }

    @Nested
    class WhatParsersDisagreeOn {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "http://granted.example@evil.example/",
                    "http://user:password@example.org/",
                    "http://@example.org/",
                    "http://granted.example\\@evil.example/",
                    "http:\\\\example.org/",
                    "http://example.org\\.evil.example/",
                    "http:/example.org/",
                    "http:example.org",
                    "http:///example.org",
                    "http://",
                    "//example.org/",
                    "example.org",
                    "ftp://example.org/",
                    "file:///etc/passwd",
                    "jar:http://example.org/!/",
                    "http://exa mple.org/",
                    " http://example.org/",
                    "http://example.org/\r\nHost: evil.example",
                    "http://example.org/\u0000",
                    "ht\ttp://example.org/",
                    "http://exam%70le.org/",
                    "http://example.org%2f@evil.example/",
                    "http://example..org/",
                    "http://.example.org/",
                    "http://-example.org/",
                    "http://exa_mple.org/",
                    "http://example.org:0/",
                    "http://example.org:65536/",
                    "http://example.org:80:81/",
                    "http://example.org:+80/",
                    "http://example.org:\uff18\uff10/",
                    "http://fa\u00df.example/",
                    "http://example.org/%zz",
                    "http://example.org/%",
                })
        void isRefused(String given) {
            assertThatExceptionOfType(NotAllowedException.class).isThrownBy(() -> Url.parse(given));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "2130706433",
                    "0x7f000001",
                    "0x7f.0.0.1",
                    "0177.0.0.1",
                    "127.1",
                    "127.0.1",
                    "127.0.0.01",
                    "127.0.0.0x1",
                    "0",
                    "256.0.0.1",
                    "1.2.3.4.5",
                    "example.1",
                    "example.0x1",
                    "0x",
                    "\u2460\u2461\u2466.0.0.1.1"
                })
        void isRefusedAsANumericHost(String host) {
            assertThatExceptionOfType(NotAllowedException.class).isThrownBy(() -> Url.parse("http://" + host + "/"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"[fe80::1%eth0]", "[fe80::1%25eth0]", "[::1", "::1]", "[]", "[127.0.0.1]", "[:::1]", "[::1]x"
                })
        void isRefusedAsAnIpv6Host(String host) {
            assertThatExceptionOfType(NotAllowedException.class).isThrownBy(() -> Url.parse("http://" + host + "/"));
        }

        @Test
        void isShownWithoutControlCharacters() {
            assertThatExceptionOfType(NotAllowedException.class)
                    .isThrownBy(() -> Url.parse("http://a\u001b[2J/"))
                    .withMessage("the URL \"http://a?[2J/\" is refused: it has a control character");
        }

        @Test
        void isRefusedAboveSixteenThousandCharacters() {
            assertThatExceptionOfType(NotAllowedException.class)
                    .isThrownBy(() -> Url.parse("http://example.org/" + "a".repeat(16384)));
        }
    }

    @Nested
    class ALocation {
        // The examples of RFC 3986, section 5.4, as far as http has them.
        @ParameterizedTest
        @CsvSource({
            "g,http://a/b/c/g",
            "./g,http://a/b/c/g",
            "g/,http://a/b/c/g/",
            "/g,http://a/g",
            "//g,http://g/",
            "?y,http://a/b/c/d;p?y",
            "g?y,http://a/b/c/g?y",
            "#s,http://a/b/c/d;p?q",
            "g#s,http://a/b/c/g",
            "g;x=1/../y,http://a/b/c/y",
            ".,http://a/b/c/",
            "..,http://a/b/",
            "../g,http://a/b/g",
            "../../g,http://a/g",
            "../../../g,http://a/g",
            "https://g/x,https://g/x",
        })
        void isReadRelativeToItsUrl(String location, String expected) throws Exception {
            assertThat(Url.parse("http://a/b/c/d;p?q").resolve(location)).hasToString(expected);
        }

        @Test
        void keepsTheBytesOfTheHeader() throws Exception {
            assertThat(Url.parse("http://a/").resolve("/\u00c3\u00bc")).hasToString("http://a/%C3%BC");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "javascript:alert(1)",
                    "file:///etc/passwd",
                    "data:text/plain,x",
                    "//a@b/",
                    "/\\b",
                    "\\\\b",
                    "http:b"
                })
        void isRefusedWhereAFirstUrlWouldBe(String location) {
            assertThatExceptionOfType(NotAllowedException.class)
                    .isThrownBy(() -> Url.parse("http://a/").resolve(location));
        }
    }
}
