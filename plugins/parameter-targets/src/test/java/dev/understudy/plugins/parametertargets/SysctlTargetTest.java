package dev.understudy.plugins.parametertargets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.understudy.spi.optimization.Dimension.Categorical;
import dev.understudy.spi.optimization.Dimension.IntegerRange;
import dev.understudy.spi.testkit.ParameterTargetContract;
import dev.understudy.spi.tuning.ParameterTarget;
import dev.understudy.spi.tuning.TunableParameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SysctlTargetTest extends ParameterTargetContract {
    @TempDir
    Path folder;

    private FakeKernel kernel;
    private SysctlTarget target;

    @BeforeEach
    void aKernel() {
        kernel = new FakeKernel(folder);
        target = new SysctlTarget(folder, "Linux", "root", Files::isWritable);
    }

    /** Without the files in which a kernel marks the choice: plain ones only take what is written. */
    @Override
    protected ParameterTarget target() {
        kernel.remove("sys/kernel/mm/transparent_hugepage/enabled");
        kernel.remove("sys/block/vda/queue/scheduler");
        return target;
    }

    private TunableParameter parameter(String name) {
        return target.parameter(name).orElseThrow(() -> new AssertionError(name + " is not there"));
    }

    @Nested
    class OnLinux {
        @Test
        void listsWhatIsAllowedAndExistsAndNothingElse() {
            assertThat(target.parameters())
                    .extracting(TunableParameter::name)
                    .contains(
                            "vm.swappiness",
                            "vm.page-cluster",
                            "net.ipv4.tcp_rmem.default",
                            "net.ipv4.tcp_rmem.max",
                            "net.ipv4.tcp_congestion_control",
                            "transparent_hugepage.enabled",
                            "block.vda.scheduler",
                            "block.vda.nr_requests")
                    .doesNotContain("kernel.panic", "vm.dirty_bytes", "net.ipv4.tcp_rmem", "vm.vfs_cache_pressure")
                    .noneMatch(name -> name.contains("loop0"));
            assertThatIllegalArgumentException().isThrownBy(() -> target.write("kernel.panic", "1"));
            assertThat(kernel.get("proc/sys/kernel/panic")).isEqualTo("0");
        }

        /** Writing it, even what it was, makes the kernel forget that it chose the value itself: the number would return, not that. */
        @Test
        void leavesAloneWhatCannotBePutBack() {
            assertThat(target.parameters()).extracting(TunableParameter::name).noneMatch(name -> name.contains("wbt"));
            assertThatIllegalArgumentException().isThrownBy(() -> target.write("block.vda.wbt_lat_usec", "2000"));
            assertThat(kernel.get("sys/block/vda/queue/wbt_lat_usec")).isEqualTo("2000");
        }

        @Test
        void readsTheMarkedChoiceAndOffersTheOthers() throws IOException {
            assertThat(target.read("block.vda.scheduler")).isEqualTo("mq-deadline");
            assertThat(parameter("block.vda.scheduler").dimension())
                    .isEqualTo(new Categorical("block.vda.scheduler", List.of("none", "mq-deadline", "kyber", "bfq")));
            target.write("block.vda.scheduler", "none");
            assertThat(kernel.get("sys/block/vda/queue/scheduler")).isEqualTo("none");
        }

        @Test
        void offersTheCongestionControlsThatTheKernelHas() {
            assertThat(parameter("net.ipv4.tcp_congestion_control").dimension())
                    .isEqualTo(new Categorical("net.ipv4.tcp_congestion_control", List.of("reno", "cubic", "bbr")));
        }

        @Test
        void changesOneNumberOfARowAndLeavesTheOthers() throws IOException {
            assertThat(target.read("net.ipv4.tcp_rmem.max")).isEqualTo("6291456");
            target.write("net.ipv4.tcp_rmem.max", "8388608");
            assertThat(kernel.get("proc/sys/net/ipv4/tcp_rmem")).isEqualTo("4096\t131072\t8388608");
        }

        /** A twentieth of 4026184 KiB. */
        @Test
        void boundsTheMemoryThatIsKeptFreeByWhatThereIs() {
            assertThat(parameter("vm.min_free_kbytes").dimension())
                    .isInstanceOfSatisfying(
                            IntegerRange.class,
                            range -> assertThat(range.high()).isEqualTo(201_309));
        }

        @Test
        void aValueOutsideTheBoundsMayBeTriedBecauseItHolds() {
            assertThat(parameter("block.vda.read_ahead_kb").dimension())
                    .isInstanceOfSatisfying(
                            IntegerRange.class,
                            range -> assertThat(range.specialValues()).containsExactly(32_768L));
        }

        @Test
        void isGoneAfterARestart() {
            assertThat(target.outlastsRestart()).isFalse();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                value = {
                    "vm.swappiness ; 10 ; sudo sysctl -w vm.swappiness=10",
                    "net.ipv4.tcp_rmem.max ; 8388608 ; sudo sysctl -w net.ipv4.tcp_rmem='4096 131072 8388608'",
                    "block.vda.scheduler ; none ; echo none | sudo tee /sys/block/vda/queue/scheduler",
                })
        void saysWhatAPersonWouldType(String name, String value, String command) {
            assertThat(target.command(name, value)).isEqualTo(command);
        }
    }

    @Nested
    class WhenAnotherParameterHoldsInItsPlace {
        @Test
        void itIsRefusedAndSaysWhich() {
            kernel.sysctl("vm.dirty_bytes", "268435456");
            assertThat(parameter("vm.dirty_ratio").refusal())
                    .isEqualTo("vm.dirty_bytes is 268435456 and holds in its place; set that to 0 first");
            assertThat(parameter("vm.dirty_background_ratio").changeable()).isTrue();
        }
    }

    @Nested
    class WithoutThePrivilege {
        @ParameterizedTest
        @CsvSource({"anna,can be written only by root: start Understudy with sudo", "root,read-only here"})
        void saysWhatItWouldNeed(String user, String words) {
            var powerless = new SysctlTarget(folder, "Linux", user, _ -> false);
            assertThat(powerless.parameters()).isNotEmpty().allSatisfy(each -> {
                assertThat(each.refusal()).contains(words);
                assertThat(each.value()).isNotEmpty();
            });
        }
    }

    @Nested
    class WhatAnAdministratorSet {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "vm.swappiness = 10",
                    "-vm.swappiness=10",
                    "vm/swappiness=10",
                    "vm.*=10",
                })
        void isNamedWithFileAndLine(String line) {
            kernel.put("etc/sysctl.d/60-database.conf", "# a comment\n; another\n" + line + "\n");
            assertThat(parameter("vm.swappiness").administrator()).isEqualTo("/etc/sysctl.d/60-database.conf line 3");
            assertThat(parameter("net.core.somaxconn").administrator()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"etc/sysctl.conf", "run/sysctl.d/x.conf", "usr/local/lib/sysctl.d/x.conf"})
        void countsInEveryFolderOfTheAdministrators(String file) {
            kernel.put(file, "vm.swappiness=10\n");
            assertThat(parameter("vm.swappiness").administrator()).isEqualTo("/" + file + " line 1");
        }

        @ParameterizedTest
        @ValueSource(strings = {"usr/lib/sysctl.d/50-default.conf", "etc/sysctl.d/README"})
        void isNotWhatTheDistributionBrings(String file) {
            kernel.put(file, "vm.swappiness=10\n");
            assertThat(parameter("vm.swappiness").administrator()).isEmpty();
        }

        @Test
        void countsOnTheKernelsCommandLine() {
            kernel.put("proc/cmdline", "root=/dev/vda1 sysctl.vm.swappiness=10 quiet\n");
            assertThat(parameter("vm.swappiness").administrator()).isEqualTo("the kernel's command line");
        }

        @Test
        void countsForARowAsAWhole() {
            kernel.put("etc/sysctl.conf", "net.ipv4.tcp_rmem = 4096 131072 6291456\n");
            assertThat(parameter("net.ipv4.tcp_rmem.max").administrator()).isEqualTo("/etc/sysctl.conf line 1");
        }

        @Test
        void countsInUdevRulesForBlockDevices() {
            kernel.put(
                    "etc/udev/rules.d/60-disks.rules",
                    "ACTION==\"add\", KERNEL==\"vd*\", ATTR{queue/rotational}==\"1\", ATTR{queue/scheduler}=\"bfq\"\n");
            assertThat(parameter("block.vda.scheduler").administrator())
                    .isEqualTo("/etc/udev/rules.d/60-disks.rules line 1");
            assertThat(parameter("block.vda.nr_requests").administrator()).isEmpty();
        }
    }

    @Nested
    class OnAnotherSystem {
        @ParameterizedTest
        @ValueSource(strings = {"Mac OS X", "Windows 11"})
        void hasNothingToTuneAndSaysWhy(String system) {
            var other = new SysctlTarget(folder, system, "root", Files::isWritable);
            assertThat(other.parameters()).isEmpty();
            assertThat(other.description())
                    .contains("only Linux's can be tuned")
                    .contains(system);
            assertThatIllegalArgumentException().isThrownBy(() -> other.write("vm.swappiness", "10"));
            assertThat(kernel.get("proc/sys/vm/swappiness")).isEqualTo("60");
        }
    }

    /** Of the machine that runs the test; it only decides how often statistics are summed up. */
    @Nested
    class OnThisMachine {
        private static final String HARMLESS = "vm.stat_interval";

        @Test
        void setsAParameterAndPutsItBack() throws IOException {
            var here = new SysctlTarget();
            var parameter = here.parameter(HARMLESS);
            assumeThat(parameter).as(HARMLESS + " of this kernel").isPresent();
            assumeThat(parameter.orElseThrow().refusal())
                    .as("what keeps this test from changing " + HARMLESS)
                    .isEmpty();
            String before = here.read(HARMLESS);
            try {
                String other = before.equals("12") ? "13" : "12";
                here.write(HARMLESS, other);
                assertThat(here.read(HARMLESS)).isEqualTo(other);
            } finally {
                here.write(HARMLESS, before);
            }
            assertThat(here.read(HARMLESS)).isEqualTo(before);
        }

        @Test
        void readsWholeNumbers() throws IOException {
            var here = new SysctlTarget();
            assumeThat(here.parameter("net.core.rmem_max")).isPresent();
            // No kernel starts with less than a page of it.
            assertThat(Long.parseLong(here.read("net.core.rmem_max"))).isGreaterThan(4096);
        }

        @Test
        void knowsAtLeastFortyParametersOfAServersKernel() {
            assumeThat(Path.of("/proc/sys/net/ipv4")).exists();
            assertThat(new SysctlTarget().parameters()).hasSizeGreaterThanOrEqualTo(40);
        }
    }
}
