package io.syncline.imports;

/**
 * Somebody wants files to be looked for.
 *
 * @param forced files that were taken already are taken again, and rows end however many they are
 */
public record ImportRequest(String sync, String organisation, String name, boolean forced, String trigger, String requestedBy) {
}
