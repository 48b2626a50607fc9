package io.syncline.api;

import com.fasterxml.jackson.databind.util.RawValue;
import io.syncline.config.Configuration;
import io.syncline.config.ImportConfig;
import io.syncline.config.LocalTable;
import io.syncline.config.SyncConfig;
import io.syncline.inspect.LocalRows;
import io.syncline.inspect.Places;
import io.syncline.schedule.Timetable;
import org.apache.camel.Variable;
import org.springframework.http.HttpStatus;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static io.syncline.api.ScheduleDoor.text;

/** The doors to the tables that people have beside the entities, such as vendors' prices. Promise 29: an organisation sees its own rows. */
final class TableDoor {
    private final Configuration configuration;
    private final Places places;
    private final LocalRows rows;
    private final Timetable times;

    TableDoor(Configuration configuration, Places places, LocalRows rows, Timetable times) {
        this.configuration = configuration;
        this.places = places;
        this.rows = rows;
        this.times = times;
    }

    public Answer list(@Variable(Call.NAME) Call call) {
        String organisation = call.caller().organisation();
        List<Map<String, Object>> tables = configuration.syncs().values().stream().filter(sync -> sync.organisations().contains(organisation))
                .flatMap(sync -> sync.localTables().stream().map(table -> table(sync, table, organisation))).toList();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("items", tables);
        answer.put("next", null);
        return Answer.of(200, Map.of(), answer);
    }

    private Map<String, Object> table(SyncConfig sync, LocalTable table, String organisation) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("sync", sync.name());
        shown.put("table", table.name());
        shown.put("entity", table.references());
        shown.put("key", table.key());
        shown.put("fields", table.fields().entrySet().stream().map(field -> Map.of("name", field.getKey(), "type", field.getValue().word())).toList());
        shown.put("imports", sync.imports().stream().filter(filling -> filling.table().name().equals(table.name()))
                .map(filling -> filling(sync, filling, organisation)).toList());
        return shown;
    }

    private Map<String, Object> filling(SyncConfig sync, ImportConfig filling, String organisation) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("import", filling.name());
        shown.put("href", "/api/v1/syncs/" + RecordAddress.segment(sync.name()) + "/imports/" + RecordAddress.segment(filling.name()));
        shown.put("cron", filling.schedule());
        shown.put("zone", filling.schedule() == null ? null : filling.zone().getId());
        shown.put("next", text(times.nextImport(sync.name(), organisation, filling.name()).orElse(null)));
        shown.put("suppliers", filling.suppliers().stream().map(supplier -> Map.of("supplier", supplier.name(), "files", supplier.files())).toList());
        return shown;
    }

    public Answer rows(@Variable(Call.NAME) Call call) {
        String organisation = call.caller().organisation();
        SyncConfig sync = places.sync(organisation, call.parameter("sync")).orElseThrow(RecordDoor::noSuchSync);
        LocalTable table = sync.localTables().stream().filter(each -> each.name().equals(call.parameter("table"))).findFirst()
                .orElseThrow(() -> new Refused(HttpStatus.NOT_FOUND, "unknown-target", "The sync " + sync.name()
                        + " declares no such table of people's own. GET /api/v1/tables lists those there are."));
        Parameters asked = new Parameters(call);
        int limit = asked.limit();
        LocalRows.Filter filter = new LocalRows.Filter(organisation, asked.text("record"), asked.text("source"), asked.text("q"),
                asked.oneOf("state", LocalRows.STATES));
        asked.refuseMistakes();
        List<LocalRows.Entry> found = rows.read(sync, table, filter, Cursor.read(call, 2).map(TableDoor::after).orElse(null), limit + 1);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("items", found.stream().limit(limit).map(entry -> row(sync, table, entry)).toList());
        answer.put("next", found.size() > limit ? Cursor.of(found.get(limit - 1).record(), found.get(limit - 1).row()) : null);
        return Answer.of(200, Map.of(), answer);
    }

    private static LocalRows.After after(List<String> place) {
        if (!place.stream().allMatch(part -> part.matches("[0-9]{1,18}"))) {
            throw Cursor.unknown();
        }
        return new LocalRows.After(Long.parseLong(place.get(0)), Long.parseLong(place.get(1)));
    }

    private static Map<String, Object> row(SyncConfig sync, LocalTable table, LocalRows.Entry entry) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("name", RecordAddress.name(entry.key(), entry.record()));
        record.put("href", RecordAddress.of(sync.name(), table.references(), entry.key(), entry.record()));
        record.put("key", entry.key());
        record.put("title", entry.title());
        record.put("deleted", entry.gone());
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("row", entry.row());
        shown.put("record", record);
        shown.put("fields", new RawValue(entry.fields()));
        shown.put("source", entry.source());
        shown.put("imported", entry.said() == null ? null : new RawValue(entry.said()));
        shown.put("since", text(entry.since()));
        shown.put("endedAt", text(entry.endedAt()));
        return shown;
    }
}
