package io.syncline.attention;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * By what an item is found: {@code a12} is a record that was set aside, {@code c7} a conflict, {@code h42.materials} the deletes of an entity that a run holds,
 * {@code p9} an entry of the outbox.
 *
 * @param number of the entry, the conflict or the run
 * @param entity of held deletes, else null
 */
record AttentionId(Sort sort, long number, String entity) {
    private static final Pattern FORM = Pattern.compile("([acp])([1-9][0-9]{0,17})|h([1-9][0-9]{0,17})\\.([a-z][a-z0-9_]{0,62})");

    /** Which table, and how much of it. */
    enum Sort { ENTRY, CONFLICT, HELD, PUSH }

    /** Empty when no item can ever be called like this. */
    static Optional<AttentionId> of(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        if (form.group(1) == null) {
            return Optional.of(new AttentionId(Sort.HELD, Long.parseLong(form.group(3)), form.group(4)));
        }
        Sort sort = switch (form.group(1)) {
            case "a" -> Sort.ENTRY;
            case "c" -> Sort.CONFLICT;
            default -> Sort.PUSH;
        };
        return Optional.of(new AttentionId(sort, Long.parseLong(form.group(2)), null));
    }
}
