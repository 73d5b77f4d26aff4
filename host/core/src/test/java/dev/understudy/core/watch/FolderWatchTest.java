package dev.understudy.core.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWatchTest {
    @TempDir
    Path parent;

    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private Path folder;
    private Path file;

    @BeforeEach
    void writeAFile() throws Exception {
        folder = Files.createDirectory(parent.resolve("folder"));
        file = Files.writeString(folder.resolve("script.py"), "one");
    }

    private void awaitChange() throws InterruptedException {
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("changed");
    }

    private FolderWatch watch() throws InterruptedException {
        FolderWatch watch = FolderWatch.start(folder, file::equals, () -> heard.add("changed"));
        awaitChange();
        return watch;
    }

    @Test
    void tellsOfAFileThatIsWrittenAnew() throws Exception {
        try (var _ = watch()) {
            Files.writeString(file, "another");
            awaitChange();
        }
    }

    @Test
    void tellsOfAFileThatAnEditorPutsInThePlaceOfTheOld() throws Exception {
        try (var _ = watch()) {
            Files.move(Files.writeString(parent.resolve("new"), "another"), file, StandardCopyOption.REPLACE_EXISTING);
            awaitChange();
        }
    }

    @Test
    void looksOnWhenTheFolderWentAwayAndCameBack() throws Exception {
        try (var _ = watch()) {
            Files.delete(file);
            Files.delete(folder);
            awaitChange();
            Files.createDirectory(folder);
            Files.writeString(file, "another");
            awaitChange();
        }
    }

    @Test
    void worksWithoutEventsOfTheSystem() throws Exception {
        try (var _ = FolderWatch.startPolling(folder, file::equals, () -> heard.add("changed"))) {
            awaitChange();
            Files.writeString(file, "another");
            awaitChange();
        }
    }

    @Test
    void tellsOfFilesInFoldersBelowAndInThoseThatComeButNotInThoseThatAreLeftOut() throws Exception {
        Path left = Files.createDirectory(folder.resolve("target"));
        Path src = Files.createDirectories(folder.resolve("src/main"));
        try (var _ = FolderWatch.startTree(folder, _ -> true, each -> !each.equals(left), () -> heard.add("changed"))) {
            awaitChange();
            Files.writeString(src.resolve("A.java"), "one");
            awaitChange();
            Path later = Files.createDirectories(src.resolve("more/still"));
            Files.writeString(later.resolve("B.java"), "one");
            awaitChange();
            Files.writeString(later.resolve("B.java"), "another");
            awaitChange();
            Files.writeString(left.resolve("a.class"), "made of it");
            Files.writeString(src.resolve("A.java"), "the last");
            awaitChange();
        }
        assertThat(heard).isEmpty();
    }
}
