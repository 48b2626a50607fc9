package io.syncline.record;

import java.util.List;
import java.util.Map;

/**
 * What a source said when it was asked for records by their keys.
 *
 * @param page     those that are there, as one page
 * @param gone     the keys of which it said that there is no record
 * @param failures why it could not be asked for the others, by key
 */
public record Answered(Page page, List<String> gone, Map<String, String> failures) {
}
