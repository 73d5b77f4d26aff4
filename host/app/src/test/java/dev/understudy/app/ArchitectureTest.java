package dev.understudy.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the arrows between the modules: plugins → spi; core → spi, sandbox.control; app → core; control → protocol ← cell. */
class ArchitectureTest {
    private static final String SPI = "dev.understudy.spi..";
    private static final String CORE = "dev.understudy.core..";
    private static final String APP = "dev.understudy.app..";
    private static final String PLUGINS = "dev.understudy.plugins..";
    private static final String PROTOCOL = "dev.understudy.sandbox.protocol..";
    private static final String CELL = "dev.understudy.sandbox.cell..";
    private static final String CONTROL = "dev.understudy.sandbox.control..";
    private static final String BENCH = "dev.understudy.bench..";

    private static JavaClasses project;

    @BeforeAll
    static void readAllModules() throws IOException {
        Path root = Path.of(System.getProperty("understudy.root"));
        List<Path> folders;
        try (var modules = Files.walk(root, 4)) {
            folders = modules.filter(path -> path.endsWith("target/classes")).toList();
        }
        project = new ClassFileImporter().importPaths(folders);
        assertThat(project.containPackage("dev.understudy.plugins.detectors")).isTrue();
        assertThat(project.containPackage("dev.understudy.sandbox.cell")).isTrue();
    }

    @Test
    void theSpiSeesNothingOfTheProject() {
        noClasses()
                .that()
                .resideInAPackage(SPI)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CORE, APP, PLUGINS, PROTOCOL, CELL, CONTROL, BENCH)
                .check(project);
    }

    @Test
    void theSpiSeesNoLibraryButPf4jAndJSpecify() {
        classes()
                .that()
                .resideInAPackage(SPI)
                .and()
                .resideOutsideOfPackage("dev.understudy.spi.testkit..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.understudy.spi..", "java..", "org.pf4j..", "org.jspecify..")
                .check(project);
    }

    @Test
    void pluginsSeeOnlyTheSpi() {
        noClasses()
                .that()
                .resideInAPackage(PLUGINS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CORE, APP, PROTOCOL, CELL, CONTROL, BENCH)
                .check(project);
    }

    @Test
    void theCoreSeesNeitherTheApplicationNorAnyPlugin() {
        noClasses()
                .that()
                .resideInAPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(APP, PLUGINS, CELL, BENCH)
                .check(project);
    }

    @Test
    void theCellSeesOnlyTheProtocolAndPolyglot() {
        classes()
                .that()
                .resideInAPackage(CELL)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(CELL, PROTOCOL, "java..", "org.graalvm..", "org.jspecify..")
                .check(project);
    }

    @Test
    void theProtocolSeesNothing() {
        classes()
                .that()
                .resideInAPackage(PROTOCOL)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(PROTOCOL, "java..", "org.jspecify..")
                .check(project);
    }

    @Test
    void theSandboxKnowsNoPluginsStorageOrPeople() {
        noClasses()
                .that()
                .resideInAPackage(CONTROL)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SPI, CORE, APP, PLUGINS, CELL, BENCH)
                .check(project);
    }

    @Test
    void noOtherModuleSeesTheApplication() {
        noClasses()
                .that()
                .resideOutsideOfPackages(APP, BENCH)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(APP)
                .check(project);
    }

    @Test
    void guestCodeNeverRunsInTheHost() {
        noClasses()
                .that()
                .resideOutsideOfPackage(CELL)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.graalvm.polyglot..")
                .check(project);
    }

    @Test
    void theDashboardSeesNoCommand() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.understudy.app.web..", "dev.understudy.app.shape..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.understudy.app")
                .check(project);
    }

    @Test
    void noCommandButUpLoadsTheDashboard() {
        noClasses()
                .that()
                .resideInAPackage("dev.understudy.app")
                .and()
                .doNotHaveSimpleName("UpCommand")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.understudy.app.web..", "org.eclipse.jetty..", "io.javalin..", "io.prometheus..")
                .check(project);
    }

    @Test
    void roomsOfTheCoreFormNoCycle() {
        slices().matching("dev.understudy.core.(*)..").should().beFreeOfCycles().check(project);
    }
}
