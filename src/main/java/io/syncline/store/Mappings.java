package io.syncline.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.syncline.config.EntityConfig;
import io.syncline.config.SyncConfig;
import io.syncline.record.SideMapping;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The mappings that were ever in force for an entity, numbered. A row names the one its content was read by, so that a change of it is compared quietly. */
@Component
public class Mappings {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JdbcTemplate jdbc;
    private final Map<SideMapping, InForce> known = new ConcurrentHashMap<>();

    public Mappings(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** The fields, and marks in parentheses, whose mapping changed since the entity's last published whole read; empty where there was none. */
    public Set<String> changedSinceWholeRead(SyncConfig sync, EntityConfig entity, String organisation) {
        return jdbc.queryForList("""
                select coalesce((select max(m.number) from syncline.mapping m where m.sync = r.sync and m.entity = e.entity and m.since <= e.started_at), 1)
                from syncline.run_entity e join syncline.run r on r.id = e.run_id
                where r.sync = ? and r.organisation = ? and e.entity = ? and e.complete and e.state = 'published' order by e.started_at desc limit 1""",
                Integer.class, sync.name(), organisation, entity.name()).stream().findFirst()
                .map(number -> inForce(sync, entity).changedSince(number)).orElse(Set.of());
    }

    /** What decided the key of the entity's records at the start before, as its fingerprint says it; empty where nothing is known. */
    Optional<String> lastKey(SyncConfig sync, EntityConfig entity) {
        NavigableMap<Integer, Map<String, String>> all = all(sync.name(), entity.name());
        return all.isEmpty() ? Optional.empty() : Optional.ofNullable(all.lastEntry().getValue().get(SideMapping.KEY));
    }

    InForce inForce(SyncConfig sync, EntityConfig entity) {
        return known.computeIfAbsent(entity.mapping(), mapping -> new InForce(sync.name(), entity.name(), mapping.fingerprint()));
    }

    /**
     * Keeps the entity's mapping as the one in force.
     *
     * @param before the fields and types of a table that was made before mappings were kept; empty where there was none
     * @return whether it is another one than that of the start before
     */
    boolean keep(SyncConfig sync, EntityConfig entity, Map<String, String> before) {
        Map<String, String> now = entity.mapping().fingerprint();
        NavigableMap<Integer, Map<String, String>> all = all(sync.name(), entity.name());
        Map<String, String> last = !all.isEmpty() ? all.lastEntry().getValue() : before.isEmpty() ? null : asFarAsKnown(before, entity, now);
        int number = all.isEmpty() ? 0 : all.lastKey();
        if (all.isEmpty() && last != null) {
            insert(sync.name(), entity.name(), ++number, last);
        }
        if (!now.equals(last)) {
            insert(sync.name(), entity.name(), number + 1, now);
        }
        return last != null && !now.equals(last);
    }

    /** Of a table that was made before mappings were kept only names and types are known; the rest is taken for what it is now. */
    private static Map<String, String> asFarAsKnown(Map<String, String> typesBefore, EntityConfig entity, Map<String, String> now) {
        Map<String, String> then = new TreeMap<>(now);
        entity.shape().fields().forEach(field -> then.remove(field.name()));
        typesBefore.forEach((name, type) -> {
            int at = entity.shape().position(name);
            boolean same = at >= 0 && entity.shape().fields().get(at).type().word().equals(type);
            then.put(name, same ? now.get(name) : type);
        });
        return then;
    }

    private void insert(String sync, String entity, int number, Map<String, String> fields) {
        try {
            jdbc.update("insert into syncline.mapping (sync, entity, number, fields) values (?, ?, ?, ?::jsonb)", sync, entity, number,
                    JSON.writeValueAsString(fields));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private NavigableMap<Integer, Map<String, String>> all(String sync, String entity) {
        NavigableMap<Integer, Map<String, String>> all = new TreeMap<>();
        jdbc.query("select number, fields::text from syncline.mapping where sync = ? and entity = ?", row -> {
            try {
                all.put(row.getInt(1), JSON.readValue(row.getString(2), new TypeReference<TreeMap<String, String>>() { }));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("syncline.mapping holds no texts for " + sync + "." + entity, e);
            }
        }, sync, entity);
        return all;
    }

    /** The mapping that this process reads the entity by. */
    final class InForce {
        private final String sync;
        private final String entity;
        private final Map<String, String> fields;
        private final int number;
        private final Map<Integer, Set<String>> changedSince = new ConcurrentHashMap<>();
        private final String sameNumbers;

        private InForce(String sync, String entity, Map<String, String> fields) {
            this.sync = sync;
            this.entity = entity;
            this.fields = fields;
            NavigableMap<Integer, Map<String, String>> all = all(sync, entity);
            number = all.descendingMap().entrySet().stream().filter(each -> each.getValue().equals(fields)).map(Map.Entry::getKey).findFirst()
                    .orElseThrow(() -> new IllegalStateException("the tables of " + sync + "." + entity + " were not prepared for its mapping"));
            all.keySet().forEach(each -> changedSince.put(each, compared(all, each)));
            sameNumbers = all.keySet().stream().filter(each -> changedSince.get(each).isEmpty()).map(String::valueOf)
                    .collect(Collectors.joining(", "));
        }

        int number() {
            return number;
        }

        /** All numbers under which a row was read as it would be now, separated by commas. */
        String sameNumbers() {
            return sameNumbers;
        }

        Set<String> changedSince(int then) {
            return changedSince.computeIfAbsent(then, unknown -> compared(all(sync, entity), unknown));
        }

        /** A field that was not declared for a while is one that changed, even where it is now mapped as then. */
        private Set<String> compared(NavigableMap<Integer, Map<String, String>> all, int then) {
            Set<String> names = new TreeSet<>(fields.keySet());
            names.addAll(all.getOrDefault(then, Map.of()).keySet());
            var between = all.subMap(Math.min(then, number), true, Math.max(then, number), true).values();
            names.removeIf(name -> {
                String now = fields.get(name);
                return now != null && now.equals(all.getOrDefault(then, Map.of()).get(name)) && between.stream().allMatch(each -> each.containsKey(name));
            });
            return Set.copyOf(names);
        }
    }
}
