package dev.understudy.core.system;

import dev.understudy.spi.system.SystemSnapshot.Memory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.CentralProcessor.TickType;
import oshi.hardware.GlobalMemory;
import oshi.hardware.HWDiskStore;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.hardware.NetworkIF;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/** Reads everything by OSHI, so on every system that OSHI knows. */
final class OshiMachine implements Machine {
    private final HardwareAbstractionLayer hardware;
    private final OperatingSystem system;
    private final CentralProcessor processor;
    private final GlobalMemory memory;

    OshiMachine() {
        var info = new SystemInfo();
        hardware = info.getHardware();
        system = info.getOperatingSystem();
        processor = hardware.getProcessor();
        memory = hardware.getMemory();
    }

    @Override
    public Totals totals() {
        long[] ticks = processor.getSystemCpuLoadTicks();
        double system = 0;
        for (TickType each : List.of(TickType.SYSTEM, TickType.IRQ, TickType.SOFTIRQ, TickType.STEAL))
            system += ticks[each.getIndex()];
        return new Totals(
                cores(),
                ticks[TickType.USER.getIndex()] + (double) ticks[TickType.NICE.getIndex()],
                system,
                ticks[TickType.IOWAIT.getIndex()],
                ticks[TickType.IDLE.getIndex()],
                memory());
    }

    int cores() {
        return processor.getLogicalProcessorCount();
    }

    Memory memory() {
        return new Memory(
                memory.getTotal(),
                memory.getAvailable(),
                memory.getVirtualMemory().getSwapUsed());
    }

    @Override
    public Devices devices() {
        long read = 0;
        long written = 0;
        var busy = new HashMap<String, Long>();
        for (HWDiskStore disk : hardware.getDiskStores()) {
            read += disk.getReadBytes();
            written += disk.getWriteBytes();
            busy.put(disk.getName(), disk.getTransferTime());
        }
        long received = 0;
        long sent = 0;
        long loopback = 0;
        for (NetworkIF each : hardware.getNetworkIFs(true)) {
            if (each.getName().startsWith("lo")) {
                loopback += each.getBytesRecv();
            } else {
                received += each.getBytesRecv();
                sent += each.getBytesSent();
            }
        }
        return new Devices(read, written, busy, received, sent, loopback);
    }

    @Override
    public List<ProcessCounters> processes() {
        var processes = new ArrayList<ProcessCounters>();
        for (OSProcess each : system.getProcesses())
            processes.add(new ProcessCounters(
                    each.getProcessID(),
                    each.getStartTime(),
                    each.getName(),
                    each.getUserTime() / 1e3,
                    each.getKernelTime() / 1e3,
                    Math.max(0, each.getResidentMemory()),
                    Math.max(0, each.getBytesRead()),
                    Math.max(0, each.getBytesWritten()),
                    each.getThreadCount()));
        return processes;
    }
}
