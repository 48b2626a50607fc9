package io.syncline.imports;

/**
 * The import that a request leads to.
 *
 * @param joined it was under way already
 */
public record Accepted(long id, boolean joined) {
}
