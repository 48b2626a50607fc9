package io.syncline.store;

import io.syncline.config.EntityConfig;
import io.syncline.record.Field;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a decision about many makes of each field, in SQL over the documents {@code d.base}, {@code d.theirs} and {@code d.ours}: as one decision does, but each
 * field apart, so that a document is parsed once however much is asked of it. {@code d.theirs} is null where the side has deleted the record.
 */
final class Decisive {
    private static final String BASE = "base";
    private static final String THEIRS = "theirs";
    private static final String OURS = "ours";

    private final EntityConfig entity;
    private final String how;
    private final Map<String, String> take;

    /**
     * @param how  {@code theirs}, {@code ours} or {@code merged}
     * @param take of a merge, by field, whose value it gets where both sides changed it: {@code theirs}, {@code ours} or {@code base}
     */
    Decisive(EntityConfig entity, String how, Map<String, String> take) {
        this.entity = entity;
        this.how = how;
        this.take = take;
    }

    boolean is(String which) {
        return how.equals(which);
    }

    boolean isMerged() {
        return !is(THEIRS) && !is(OURS);
    }

    /** What it says then; SQL's null for a member that is missing. */
    String says(Field field) {
        if (is(THEIRS)) {
            return "case when d.theirs is null then " + of(BASE, field) + " else " + of(THEIRS, field) + " end";
        }
        return !isOnlyRead(field) ? kept(field) : onlyRead(field, entity.wholeOf(field));
    }

    /** It says what it says here, whatever the side says. */
    boolean keepsOurs(Field field) {
        return is(OURS) && !isOnlyRead(field);
    }

    private String kept(Field field) {
        return is(OURS) ? of(OURS, field) : merged(field);
    }

    /** What is only read from the side says what that says; what is a part of something else goes with that. */
    private String onlyRead(Field field, Field whole) {
        return "case when d.theirs is null" + (whole == null ? "" : " or " + kept(whole) + " is distinct from " + of(THEIRS, whole)) + " then "
                + of(OURS, field) + " else " + of(THEIRS, field) + " end";
    }

    /** What one side alone changed stays as that side has it, whatever is taken. */
    private String merged(Field field) {
        String base = of(BASE, field);
        String theirs = of(THEIRS, field);
        String ours = of(OURS, field);
        return switch (take.getOrDefault(field.name(), OURS)) {
            case THEIRS -> "case when d.theirs is null or " + theirs + " is not distinct from " + base + " then " + ours + " else " + theirs + " end";
            case BASE -> "case when d.theirs is null or " + theirs + " is not distinct from " + base + " or " + theirs + " is not distinct from " + ours
                    + " then " + ours + " when " + ours + " is not distinct from " + base + " then " + theirs + " else " + base + " end";
            default -> "case when d.theirs is not null and " + ours + " is not distinct from " + base + " then " + theirs + " else " + ours + " end";
        };
    }

    /** The fields that both sides changed and of which a merge says nothing, as a text; null where there is none. */
    String undecided() {
        return isMerged() ? named(fields(field -> !isOnlyRead(field) && !take.containsKey(field.name())), Decisive::disputed) : "null::text";
    }

    private static String disputed(Field field) {
        return "d.theirs is not null and " + of(BASE, field) + " is distinct from " + of(THEIRS, field) + " and " + of(BASE, field)
                + " is distinct from " + of(OURS, field) + " and " + of(THEIRS, field) + " is distinct from " + of(OURS, field);
    }

    interface Condition {
        String of(Field field);
    }

    /** The names of the fields of which something is so, as a text; null where there is none. */
    static String named(List<Field> fields, Condition isSo) {
        return fields.isEmpty() ? "null::text" : "nullif(concat_ws(', ', " + fields.stream().map(field -> "case when " + isSo.of(field) + " then "
                + EntityTable.literal(field.name()) + " end").collect(Collectors.joining(", ")) + "), '')";
    }

    /** The fields whose value a merge takes from a side. */
    List<Field> taken() {
        return isMerged() ? fields(field -> !isOnlyRead(field) && take.containsKey(field.name())) : List.of();
    }

    /** A merge would have it say something else, but not both sides changed it. */
    String stays(Field field, String says) {
        return "d.theirs is not null and " + of(take.get(field.name()), field) + " is distinct from " + says;
    }

    /** The document of a merge; its members are in order, but not as a canonical one writes them. */
    String document() {
        return "'{' || array_to_string(array[" + entity.shape().fields().stream().map(field -> EntityTable.literal("\"" + field.name() + "\":") + " || ("
                + says(field) + ")::text").collect(Collectors.joining(", ")) + "]::text[], ',') || '}'";
    }

    static String of(String side, Field field) {
        return "d." + side + " -> " + EntityTable.literal(field.name());
    }

    private boolean isOnlyRead(Field field) {
        return entity.writes() != null && field.to() == null;
    }

    private List<Field> fields(Predicate<Field> which) {
        return entity.shape().fields().stream().filter(which).toList();
    }
}
