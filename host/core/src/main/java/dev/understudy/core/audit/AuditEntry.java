package dev.understudy.core.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * One entry of the audit log.
 *
 * @param number counted from 1, without gaps
 * @param kind as {@link AuditKind#id} writes it; an entry of a newer Understudy may have another
 * @param automation the id of the automation that it concerns; empty if none
 * @param details what belongs to the kind; a JSON object
 * @param hash SHA-256 of the whole entry, that of the entry before included
 */
public record AuditEntry(long number, Instant at, String kind, String automation, JsonNode details, String hash) {}
