package dev.understudy.app;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.understudy.core.Understudy;
import dev.understudy.core.config.Config;
import dev.understudy.core.performance.PerformanceHistory;
import dev.understudy.core.performance.PerformanceService;
import dev.understudy.core.store.Database;
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
    private static final String FLEET = "dev.understudy.fleet..";

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
    void theFleetSeesOnlyTheCoreAndWhatItKnows() {
        noClasses()
                .that()
                .resideInAPackage(FLEET)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(APP, PLUGINS, PROTOCOL, CELL, BENCH)
                .check(project);
        noClasses()
                .that()
                .resideInAnyPackage(SPI, CORE, PLUGINS, PROTOCOL, CELL, CONTROL)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(FLEET)
                .check(project);
    }

    @Test
    void nothingButTheFleetSpeaksToAServerOfItAndOneClassOfTheApplicationLoadsThat() {
        noClasses()
                .that()
                .resideOutsideOfPackage(FLEET)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.nats..")
                .check(project);
        noClasses()
                .that()
                .resideInAPackage(APP)
                .and()
                .doNotHaveSimpleName("FleetAccess")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(FLEET)
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

    /** A second one would have listeners of its own, who hear nothing of what is recorded through the first. */
    @Test
    void theFrontHallAloneMakesThePerformanceHistoryAndWhatJudgesIt() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(Understudy.class.getName())
                .and()
                .resideOutsideOfPackage(BENCH)
                .and()
                .areNotAssignableTo(PerformanceHistory.class)
                .should()
                .callMethod(PerformanceHistory.class, "of", Config.class, Database.class)
                .orShould()
                .callConstructorWhere(describe(
                        "one of them",
                        call -> call.getTargetOwner().isEquivalentTo(PerformanceHistory.class)
                                || call.getTargetOwner().isEquivalentTo(PerformanceService.class)))
                .check(project);
    }

    /** The root is the roof: it holds what an embedding program starts from, and nothing below may lean on it. */
    @Test
    void noRoomOfTheCoreSeesTheRoof() {
        noClasses()
                .that()
                .resideInAPackage(CORE)
                .and()
                .resideOutsideOfPackage("dev.understudy.core")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.understudy.core")
                .check(project);
    }

    @Test
    void roomsOfTheCoreFormNoCycle() {
        slices().matching("dev.understudy.core.(*)..").should().beFreeOfCycles().check(project);
    }

    @Test
    void packagesOfTheSandboxAndOfThePluginsFormNoCycle() {
        slices().matching("dev.understudy.sandbox.control.(**)")
                .should()
                .beFreeOfCycles()
                .check(project);
        slices().matching("dev.understudy.plugins.(*)..")
                .should()
                .beFreeOfCycles()
                .check(project);
    }
}
