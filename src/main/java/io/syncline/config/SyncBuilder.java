package io.syncline.config;

import io.syncline.change.Rules;
import io.syncline.record.Excerpt;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;

import java.nio.charset.Charset;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes a sync of a file that is free of mistakes and has its defaults written out. */
final class SyncBuilder {
    /** Where a field leads that is only read. */
    static final String NOWHERE = "nowhere";

    private final Yaml sync;
    private final SystemConfig system;

    private SyncBuilder(Yaml sync, SystemConfig system) {
        this.sync = sync;
        this.system = system;
    }

    static SyncConfig build(Yaml sync, Map<String, SystemConfig> systems) {
        return new SyncBuilder(sync, systems.get(sync.get("system").text())).build();
    }

    private SyncConfig build() {
        Yaml schedules = sync.get("schedules");
        return new SyncConfig(sync.get("name").text(), sync.get("title").text(), sync.get("description").text(), sync.get("system").text(),
                sync.get("side").text(), sync.get("organisations").texts(),
                new SyncConfig.Schedules(schedules.get("incremental").textOrNull(), schedules.get("full").textOrNull(),
                        ZoneId.of(schedules.get("zone").text()), Durations.of(schedules.get("jitter").text()),
                        schedules.get("misfire").text().equals("once")),
                sync.get("entities").members().entrySet().stream().map(entity -> entity(entity.getKey(), entity.getValue())).toList(),
                new SyncConfig.WholeReads(Durations.of(sync.get("fullAfter").text()), Durations.of(sync.get("fullEvery").text()),
                        sync.get("fullAfterFailures").integer()), keepsHistory(), localTables(), imports());
    }

    private List<LocalTable> localTables() {
        return sync.get("localTables").members().entrySet().stream().map(table -> {
            Map<String, FieldType> fields = new LinkedHashMap<>();
            table.getValue().get("fields").members().forEach((field, type) -> fields.put(field, SystemBuilder.constant(FieldType.class, type)));
            return new LocalTable(table.getKey(), table.getValue().get("references").text(), table.getValue().get("key").texts(), fields);
        }).toList();
    }

    private List<ImportConfig> imports() {
        Map<String, LocalTable> tables = localTables().stream().collect(Collectors.toMap(LocalTable::name, Function.identity()));
        return sync.get("imports").members().entrySet().stream().map(each -> {
            Yaml filling = each.getValue();
            return new ImportConfig(each.getKey(), tables.get(filling.get("table").text()), filling.get("folder").text(), filling.get("schedule").textOrNull(),
                    ZoneId.of(filling.get("zone").text()),
                    filling.get("suppliers").members().entrySet().stream().map(supplier -> supplier(supplier.getKey(), supplier.getValue())).toList());
        }).toList();
    }

    private static ImportConfig.Supplier supplier(String name, Yaml supplier) {
        return new ImportConfig.Supplier(name, supplier.get("files").text(), supplier.get("delimiter").text().charAt(0),
                Charset.forName(supplier.get("charset").text()), supplier.get("decimals").text().equals("comma"),
                SystemBuilder.texts(supplier.get("columns")), SystemBuilder.texts(supplier.get("set")), supplier.get("find").get("column").text(),
                supplier.get("find").get("by").text(), supplier.get("missing").text().equals("end"));
    }

    private Duration keepsHistory() {
        String history = sync.get("retention").get("history").textOrNull();
        return history == null ? null : Durations.of(history);
    }

    private EntityConfig entity(String name, Yaml entity) {
        Shape shape = new Shape(entity.get("fields").members().entrySet().stream().map(field -> field(field.getKey(), field.getValue())).toList());
        Rules rules = rules(entity.get("conflicts"), sync.get("side").text());
        String resource = entity.has("resource") ? entity.get("resource").text() : name;
        boolean readOnly = system.readOnly() || entity.get("access").text().equals("read-only");
        return new EntityConfig(name, resource, shape, mapping(shape, entity), rules, readOnly,
                new EntityConfig.Brake(entity.get("brake").get("rows").integer(), entity.get("brake").get("percent").integer()),
                entity.get("match").texts(), readOnly ? null : system.source().resources().get(resource).writes());
    }

    static Rules rules(Yaml conflicts, String side) {
        return new Rules(SystemBuilder.constant(Rules.Policy.class, conflicts.get("policy")), conflicts.get("merge").text().equals("disjoint"),
                conflicts.has("authority") ? conflicts.get("authority").text() : side);
    }

    private static SideMapping mapping(Shape shape, Yaml entity) {
        Yaml modified = entity.get("modifiedAt");
        String modifiedAt = modified.is(Yaml.Kind.MAP) ? modified.get("path").text() : modified.textOrNull();
        Yaml deleted = entity.get("deletedWhen");
        return new SideMapping(shape, entity.get("key").texts().stream().map(Path::of).toList(), pathOrNull(entity.get("version").textOrNull()),
                pathOrNull(modifiedAt), SystemBuilder.time(modified),
                deleted.is(Yaml.Kind.ABSENT) ? null : new SideMapping.Deletion(Path.of(deleted.get("path").text()), Set.copyOf(deleted.get("is").texts())));
    }

    private Field field(String name, Yaml declared) {
        Yaml field = declared.is(Yaml.Kind.MAP) ? declared : Yaml.map(declared.where(), declared.line(), Map.of("type", declared));
        FieldType type = SystemBuilder.constant(FieldType.class, field.get("type"));
        Path from = Path.of(field.has("from") ? field.get("from").text() : FieldNames.inSource(name, sync.get("fieldNames").text()));
        TimeFormat time = SystemBuilder.time(field);
        return new Field(name, type, from, field.get("required").isTrue(), field.get("set").isTrue(), field.get("missing").text().equals("null"), time,
                field.get("references").textOrNull(), to(field, from), excerpt(field));
    }

    private static Path to(Yaml field, Path from) {
        if (field.has("to")) {
            return field.get("to").text().equals(NOWHERE) ? null : Path.of(field.get("to").text());
        }
        return from.isPlain() ? from : null;
    }

    private static Excerpt excerpt(Yaml field) {
        return new Excerpt(pathOrNull(field.get("each").textOrNull()), field.get("keep").texts().stream().map(Path::of).toList());
    }

    private static Path pathOrNull(String dotted) {
        return dotted == null ? null : Path.of(dotted);
    }
}
