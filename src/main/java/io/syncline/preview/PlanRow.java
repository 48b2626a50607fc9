package io.syncline.preview;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;

/**
 * A row of a plan as people look at it.
 *
 * @param key    null for a record whose key cannot be read
 * @param moved  why applying would set it aside, or null where it stands as it was judged
 * @param fields by member name: {@code field}, and {@code before} and {@code after}, or of a conflict {@code base}, {@code theirs} and {@code ours}; a
 *               value that is not there is left out
 */
public record PlanRow(String entity, String key, String outcome, String reason, String moved, List<Map<String, JsonNode>> fields) {
}
