package dev.understudy.core.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.core.audit.AuditHead.Mark;
import dev.understudy.core.audit.Verification.Problem;
import dev.understudy.core.audit.Verification.Problem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Goes through the entries in order and finds the first that does not follow from the one before. */
final class ChainCheck {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Mark> kept;
    private final List<LostEntries> lost;
    private final List<String> remarks = new ArrayList<>();
    private final List<Mark> confirmed = new ArrayList<>();
    private Mark last = Mark.EMPTY;
    private long count;
    private @Nullable Problem problem;

    /** @param kept entries that were noted elsewhere, and must be found as noted */
    ChainCheck(List<Mark> kept) {
        this(kept, List.of());
    }

    /** @param lost entries that may be missing, since damage and nobody's hand took them */
    ChainCheck(List<Mark> kept, List<LostEntries> lost) {
        this.kept = kept;
        this.lost = lost;
    }

    /** Takes the next row, in the order of the numbers. */
    void row(long number, String text, String hash) {
        count++;
        if (problem == null) problem = mistake(number, text, hash);
        last = new Mark(number, hash);
        if (kept.contains(last)) confirmed.add(last);
    }

    private @Nullable Problem mistake(long number, String text, String hash) {
        LostEntries gap = lost.stream()
                .filter(each -> each.from() == last.number() + 1 && each.to() == number - 1)
                .findFirst()
                .orElse(null);
        if (gap != null) remarks.add(gap.text());
        else if (number != last.number() + 1) {
            long missing = last.number() + 1;
            return new Problem(
                    missing,
                    Kind.TAMPERED,
                    missing == number - 1
                            ? "entry " + missing + " was removed"
                            : "entries " + missing + " to " + (number - 1) + " were removed");
        }
        if (!Hashing.sha256(text).equals(hash))
            return new Problem(number, Kind.TAMPERED, "entry " + number + " was changed");
        JsonNode entry;
        try {
            entry = JSON.readTree(text);
        } catch (JsonProcessingException _) {
            return new Problem(number, Kind.TAMPERED, "entry " + number + " was changed: it is no JSON");
        }
        if (entry.path("number").asLong() != number)
            return new Problem(
                    number,
                    Kind.TAMPERED,
                    "entry " + number + " was inserted or moved: it was written as entry "
                            + entry.path("number").asLong());
        // What came before an entry behind a gap cannot be known any more.
        if (gap == null && !entry.path("previous").asText().equals(last.hash()))
            return new Problem(
                    number,
                    Kind.TAMPERED,
                    "entry " + number + " does not follow from " + (number == 1 ? "nothing" : "entry " + (number - 1))
                            + ": one of them was replaced or inserted");
        if (entry.path("kind").asText().equals(AuditKind.HEAD_MISSING.id()))
            remarks.add("before entry " + number + " the file audit.head was gone: whether entries just before it were"
                    + " removed cannot be told");
        return null;
    }

    /** What is known once all rows were taken. */
    Verification finish(Optional<Mark> head) {
        if (problem == null) {
            for (Mark mark : kept) {
                if (mark.number() == 0 || confirmed.contains(mark)) continue;
                if (lost.stream().anyMatch(each -> each.from() <= mark.number() && mark.number() <= each.to()))
                    continue;
                problem = mark.number() > last.number()
                        ? new Problem(
                                last.number() + 1,
                                Kind.ENDS_EARLY,
                                "the newest entries are missing: the log ends at entry " + last.number()
                                        + ", but entry " + mark.number() + " was noted")
                        : new Problem(
                                mark.number(),
                                Kind.TAMPERED,
                                "entry " + mark.number()
                                        + " is not the one that was noted: it, and perhaps those before"
                                        + " and after it, were written anew");
                break;
            }
        }
        if (head.isEmpty() && count > 0)
            remarks.add(
                    "the file audit.head is missing or damaged: whether the newest entries were removed cannot be told");
        head.filter(mark -> problem == null && mark.number() < last.number())
                .ifPresent(mark -> remarks.add("the newest " + (last.number() - mark.number())
                        + " entries are not noted in audit.head yet; the next entry makes up for it"));
        return new Verification(count, last.hash(), Optional.ofNullable(problem), remarks);
    }
}
