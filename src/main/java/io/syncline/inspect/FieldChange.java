package io.syncline.inspect;

/**
 * A field that two versions say differently.
 *
 * @param from as JSON; null where it was missing
 * @param to   likewise
 */
public record FieldChange(String field, String from, String to) {
}
