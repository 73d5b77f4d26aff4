package dev.understudy.app;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The REPLs that are open in a host, by numbers that count from 1, so that another terminal can join one. */
final class ReplRooms {
    private final TreeMap<Integer, ReplRoom> open = new TreeMap<>();
    private int latest;

    /**
     * Lets others join.
     *
     * @param afterwards done when the last has gone
     */
    synchronized void add(ReplRoom room, Runnable afterwards) {
        int number = ++latest;
        open.put(number, room);
        room.afterwards(() -> {
            remove(number);
            afterwards.run();
        });
    }

    private synchronized void remove(int number) {
        open.remove(number);
    }

    /** The one of this number, which its caller closes; empty if there is none. */
    synchronized Optional<ReplRoom> join(int number) {
        return Optional.ofNullable(open.get(number)).filter(ReplRoom::enter);
    }

    /** The one that was begun last, which its caller closes. */
    synchronized Optional<ReplRoom> join() {
        return open.isEmpty() ? Optional.empty() : join(open.lastKey());
    }

    /** A line each, for people. */
    synchronized String status() {
        return open.entrySet().stream().map(ReplRooms::line).collect(Collectors.joining());
    }

    private static String line(Map.Entry<Integer, ReplRoom> each) {
        int guests = each.getValue().guests();
        return "  repl " + each.getKey() + ", at " + guests + (guests == 1 ? " terminal" : " terminals") + "\n";
    }
}
