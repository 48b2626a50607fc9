package io.syncline.attention;

/**
 * Which items of an organisation a list is about. Whatever is null does not matter.
 *
 * @param kind       one of {@link AttentionList#KINDS}
 * @param text       that the key or the reason holds, whatever its case
 * @param personOnly only what nothing but a person moves any more
 */
public record AttentionFilter(String organisation, String sync, String entity, String kind, String text, boolean personOnly) {
}
