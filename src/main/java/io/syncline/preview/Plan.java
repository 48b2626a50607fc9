package io.syncline.preview;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A plan that is kept.
 *
 * @param id         the number of the dry run that made it
 * @param entity     the only one it is about, or null
 * @param begunAt    since when what it says may have moved
 * @param ageSeconds since it was made
 * @param voidWhy    why there is nothing left to look at or apply, or null where there is
 * @param replacedBy a newer plan that was asked for in the same way, or null
 * @param entities   how many rows have which outcome
 * @param leftOut    entities that could not be read, with the reasons
 * @param applied    the runs that have applied it or part of it, or are about to
 */
public record Plan(long id, String sync, String mode, String entity, String requestedBy, Instant begunAt, Instant madeAt, Instant expiresAt, long ageSeconds,
                   String voidWhy, Long replacedBy, Map<String, Map<String, Long>> entities, List<LeftOut> leftOut, List<Applied> applied) {

    /** An entity that the dry run could not read. */
    public record LeftOut(String entity, List<String> reasons) {
    }

    /** @param selection null where it was for all of it */
    public record Applied(long run, String state, JsonNode selection) {
    }
}
