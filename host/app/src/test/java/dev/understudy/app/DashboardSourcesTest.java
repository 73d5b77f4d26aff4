package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the dashboard's sources never hold, so that no text of a script can become a part of the page. */
class DashboardSourcesTest {
    private static final Path SOURCES =
            Path.of("src/main/resources/dev/understudy/app/web/static").toAbsolutePath();

    /** Our own; what is vendored comes as published and is held to the Content-Security-Policy by the browser. */
    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(SOURCES.resolve("vendor")))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?i)innerHTML|outerHTML|insertAdjacentHTML|document\\.write|createContextualFragment|DOMParser|setHTML",
                "\\beval\\(|new Function\\(|javascript:",
                "(?i)<[a-z][^>]*\\son[a-z]+\\s*=",
                "(?i)<[a-z][^>]*\\sstyle\\s*=|setAttribute\\(\\s*[\"']style|[{,]\\s*style:|<style",
                "(?i)(?:src|href|from|import|url)\\s*[=(]?\\s*[\"']?(?:https?:)?//",
            })
    void holdNothingOf(String forbidden) throws IOException {
        Pattern pattern = Pattern.compile(forbidden);
        assertThat(sources()).hasSizeGreaterThan(15).allSatisfy(file -> {
            // The namespace of SVG looks like an address, but is a name.
            String text = Files.readString(file).replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
            assertThat(pattern.matcher(text).results().map(each -> each.group()))
                    .as(SOURCES.relativize(file).toString())
                    .isEmpty();
        });
    }

    @Test
    void scriptsOfThePageAreFilesOnly() throws IOException {
        String page = Files.readString(SOURCES.resolve("index.html"));
        assertThat(Pattern.compile("<script(?![^>]*\\ssrc=)").matcher(page).find())
                .isFalse();
        assertThat(Pattern.compile("<script[^>]*>[^<]").matcher(page).find()).isFalse();
    }

    @Test
    void whatIsVendoredHasItsLicence() {
        assertThat(SOURCES.resolve("vendor/uplot/LICENSE.txt")).content().contains("Permission is hereby granted");
    }
}
