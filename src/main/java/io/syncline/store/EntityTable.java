package io.syncline.store;

import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.Field;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names of an entity's tables and columns, quoted, and statements filled with them. Names come from checked configuration only.
 * In a statement, {@code {table}} and the like stand for a name; {@link #fill} lists them.
 */
public final class EntityTable {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z_.]+)}");
    /** What PostgreSQL keeps of a name; a longer one would be cut silently and meet another. */
    private static final int LONGEST_NAME = 63;

    private final SyncConfig sync;
    private final EntityConfig entity;
    private final Map<String, String> names = new LinkedHashMap<>();

    public EntityTable(SyncConfig sync, EntityConfig entity) {
        this.sync = sync;
        this.entity = entity;
        String schema = quote(sync.name()) + '.';
        names.put("schema", quote(sync.name()));
        names.put("sync", literal(sync.name()));
        names.put("entity", literal(entity.name()));
        names.put("side", literal(sync.side()));
        names.put("table", schema + quote(entity.name()));
        names.put("history", schema + quote(entity.name() + "_history"));
        names.put("live", schema + quote(entity.name() + "_live"));
        names.put("as_of", schema + quote(entity.name() + "_as_of"));
        names.put("as_of_snapshot", schema + quote(entity.name() + "_as_of_snapshot"));
        names.put("problems", schema + quote(entity.name() + "_problems"));
        names.put("said", schema + quote(entity.name() + "_said"));
        names.put("problem_of", schema + quote(entity.name() + "_problem"));
        names.put("document_of", schema + quote(entity.name() + "_document"));
        names.put("edited", schema + quote(entity.name() + "_edited"));
        names.put("staging", "syncline_staging." + quote(sync.name() + "__" + entity.name()));
        for (String column : List.of("id", "hash", "version", "modified_on", "synced_at", "base", "mapping")) {
            names.put("side_" + column, quote(sync.side() + "_" + column));
        }
        names.put("fields", fields(field -> quote(field.name())));
        names.put("staged", fields(field -> "s." + staged(field)));
        names.put("declared", String.join("", entity.shape().fields().stream().map(field -> ", " + quote(field.name()) + " "
                + field.type().columnType()).toList()));
        names.put("declared_staged", String.join("", entity.shape().fields().stream().map(field -> ", " + staged(field) + " "
                + field.type().columnType()).toList()));
    }

    /** Parents before children; entities that refer to each other in a circle keep the order of the file. */
    public static List<EntityTable> parentsFirst(SyncConfig sync, List<EntityConfig> entities) {
        Map<String, EntityTable> sorted = new LinkedHashMap<>();
        entities.forEach(entity -> place(sync, entities, entity, sorted, new ArrayList<>()));
        return List.copyOf(sorted.values());
    }

    private static void place(SyncConfig sync, List<EntityConfig> entities, EntityConfig entity, Map<String, EntityTable> sorted, List<String> under) {
        if (sorted.containsKey(entity.name()) || under.contains(entity.name())) {
            return;
        }
        under.add(entity.name());
        EntityTable table = new EntityTable(sync, entity);
        table.references().forEach(field -> entities.stream().filter(parent -> parent.name().equals(field.references()))
                .forEach(parent -> place(sync, entities, parent, sorted, under)));
        sorted.put(entity.name(), table);
    }

    SyncConfig sync() {
        return sync;
    }

    public EntityConfig entity() {
        return entity;
    }

    List<Field> references() {
        return entity.shape().fields().stream().filter(field -> field.references() != null).toList();
    }

    /**
     * SQL: a sentence about what leads from a row to a record that is not here; null where nothing does.
     *
     * @param row the row's alias in the statement
     */
    public String leadsNowhere(String row) {
        return references().isEmpty() ? "null::text" : references().stream().map(field -> "case when " + row + "." + quote(field.name()) + " is not null and "
                + row + "." + row(field) + " is null then " + literal(field.name() + " leads to ") + " || " + row + "." + quote(field.name())
                + " || " + literal(", and no record of " + field.references() + " here has that key.") + " end")
                .collect(Collectors.joining(", ", "nullif(concat_ws(' ', ", "), '')"));
    }

    /** References to the entity itself: each of them makes a tree of it. */
    public List<Field> ownReferences() {
        return references().stream().filter(field -> field.references().equals(entity.name())).toList();
    }

    public EntityTable parent(Field reference) {
        return new EntityTable(sync, sync.entity(reference.references()));
    }

    public String name(String placeholder) {
        String name = names.get(placeholder);
        if (name == null) {
            throw new IllegalArgumentException("no name {" + placeholder + "}");
        }
        return name;
    }

    /** The statement with every placeholder filled. */
    public String fill(String statement) {
        return PLACEHOLDER.matcher(statement).replaceAll(match -> Matcher.quoteReplacement(name(match.group(1))));
    }

    /** Something for each declared field, separated by commas, each with a comma before it. */
    String fields(Function<Field, String> each) {
        return entity.shape().fields().stream().map(field -> ", " + each.apply(field)).collect(Collectors.joining());
    }

    static String row(Field reference) {
        return quote(reference.name() + "_row");
    }

    /** Staged fields carry a prefix, so that a field may be called like one of staging's own columns. */
    static String staged(Field field) {
        return quote("f_" + field.name());
    }

    public static String quote(String name) {
        if (name.isEmpty() || name.indexOf(0) >= 0) {
            throw new IllegalArgumentException("not a name: \"" + name + '"');
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            throw new IllegalArgumentException("the name " + name + " is longer than PostgreSQL's " + LONGEST_NAME
                    + " characters: shorten the name of the sync, entity or field");
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    public static String literal(String text) {
        if (text.indexOf('\\') >= 0) {
            return " E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
        }
        return "'" + text.replace("'", "''") + "'";
    }

    @Override
    public String toString() {
        return sync.name() + "." + entity.name();
    }
}
