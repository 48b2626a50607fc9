package io.syncline.audit;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers what proves a decision, from one picture of the database and by what its tables say: no configuration is asked. */
@Component
public class Evidence {
    private static final String SNAPSHOTS = "snapshots";
    private static final String DECISIONS = "decisions";

    private final JdbcClient sql;
    private final TransactionTemplate picture;

    Evidence(JdbcClient sql, PlatformTransactionManager transactions) {
        this.sql = sql;
        this.picture = new TransactionTemplate(transactions);
        picture.setReadOnly(true);
        picture.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        picture.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    private record Entry(String sync, String entity, long row, long seen, long broughtBy, OffsetDateTime since, String text, String previous) {
        Map<String, Object> place(String organisation) {
            return Map.of("sync", sync, "entity", entity, "organisation", organisation, "row", row, "seen", seen, "broughtBy", broughtBy,
                    "thousand", row / SealedLines.ROWS);
        }
    }

    /** Empty where there is no such decision. */
    public Optional<Bundle> of(String organisation, long number, String reader) {
        return picture.execute(status -> sql.sql("""
                select sync, entity, row_id, snapshot_id, brought_by, valid_from, entry, encode(previous, 'hex')
                from syncline.decision where organisation = ? and number = ?""").params(organisation, number)
                .query((row, n) -> new Entry(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4), row.getLong(5),
                        row.getObject(6, OffsetDateTime.class), row.getString(7), row.getString(8)))
                .optional().map(entry -> bundle(organisation, number, entry, reader)));
    }

    private Bundle bundle(String organisation, long number, Entry entry, String reader) {
        Map<String, Object> place = entry.place(organisation);
        // Content that was removed is not there; that its hash is still proven is what the bundle says then.
        String document = sql.sql("select nullif(document, '') from syncline.version_in(:sync, :entity, :organisation, :row, :seen)").params(place)
                .query((row, n) -> Optional.ofNullable(row.getString(1))).optional().flatMap(found -> found).orElse(null);
        Until until = until(organisation, number, entry);
        List<String> following = sql.sql("""
                select syncline.ledger_content(entry) from syncline.decision where organisation = ? and number > ? and number <= ? order by number""")
                .params(organisation, number, until.decisions()).query(String.class).list();
        List<String> snapshots = sql.sql("""
                select syncline.snapshot_header(s) from syncline.snapshot s
                where s.sync = :sync and s.organisation = :organisation and s.id >= :broughtBy and s.number <= :until order by s.number""").params(place)
                .param("until", until.snapshots()).query(String.class).list();
        return new Bundle(Bundle.FORM, new Bundle.Made(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), reader), document,
                new Bundle.Entry(entry.text(), entry.previous(), following), change(entry, place), snapshots, run(entry), until.anchors(),
                heads(place, until), removal(place, entry), null).checked();
    }

    private record Line(OffsetDateTime since, boolean began, long row, String digits) {
        boolean isOf(Entry entry) {
            return row == entry.row() && began && since.isEqual(entry.since());
        }
    }

    private Bundle.Change change(Entry entry, Map<String, Object> place) {
        StringBuilder linesBefore = new StringBuilder();
        StringBuilder linesAfter = new StringBuilder();
        boolean own = false;
        for (Line line : sql.sql("""
                select valid_from, began, row_id, encode(line, 'hex')
                from syncline.change_lines(:sync, :organisation, :broughtBy, :entity, :thousand) order by row_id, valid_from, began""").params(place)
                .query((row, n) -> new Line(row.getObject(1, OffsetDateTime.class), row.getBoolean(2), row.getLong(3), row.getString(4))).list()) {
            if (line.isOf(entry)) {
                own = true;
            } else {
                (own ? linesAfter : linesBefore).append(line.digits());
            }
        }
        StringBuilder thousandsBefore = new StringBuilder();
        StringBuilder thousandsAfter = new StringBuilder();
        long thousand = entry.row() / SealedLines.ROWS;
        sql.sql("""
                select row_id / 1000, encode(sha256(string_agg(line, '' order by row_id, valid_from, began)), 'hex')
                from syncline.change_lines(:sync, :organisation, :broughtBy, :entity) where row_id / 1000 <> :thousand group by 1 order by 1""").params(place)
                .query(row -> { (row.getLong(1) < thousand ? thousandsBefore : thousandsAfter).append(row.getString(2)); });
        List<Bundle.Part> entitiesBefore = new ArrayList<>();
        List<Bundle.Part> entitiesAfter = new ArrayList<>();
        for (String entity : sql.sql("select entity from syncline.entity where sync = :sync and entity <> :entity order by entity collate \"C\"").params(place)
                .query(String.class).list()) {
            digest(entry.sync(), place, entity).ifPresent(digest ->
                    (entity.compareTo(entry.entity()) < 0 ? entitiesBefore : entitiesAfter).add(new Bundle.Part(entity, digest)));
        }
        return new Bundle.Change(linesBefore.toString(), linesAfter.toString(), thousandsBefore.toString(), thousandsAfter.toString(), entitiesBefore,
                entitiesAfter);
    }

    private Optional<String> digest(String sync, Map<String, Object> place, String entity) {
        return sql.sql("""
                select encode(sha256(string_agg(chunk, '' order by nr)), 'hex')
                from (select row_id / 1000 as nr, sha256(string_agg(line, '' order by row_id, valid_from, began)) as chunk
                      from syncline.change_lines(?, ?, ?, ?) group by 1) as chunks""")
                .params(sync, place.get("organisation"), place.get("broughtBy"), entity).query((row, n) -> Optional.ofNullable(row.getString(1))).single();
    }

    private Bundle.Run run(Entry entry) {
        return sql.sql("""
                select r.id, r.mode, r.trigger, r.requested_by, r.started_at, r.finished_at
                from syncline.snapshot s join syncline.run r on r.id = s.run_id where s.id = ?""").param(entry.broughtBy())
                .query((row, n) -> new Bundle.Run(row.getLong(1), row.getString(2), row.getString(3), row.getString(4),
                        moment(row.getObject(5, OffsetDateTime.class)), moment(row.getObject(6, OffsetDateTime.class)))).single();
    }

    private static String moment(OffsetDateTime moment) {
        return moment == null ? null : moment.toInstant().toString();
    }

    private Bundle.Heads heads(Map<String, Object> place, Until until) {
        String digest = "select encode(syncline.chain_digest(:organisation, :kind, :sync, :number), 'hex')";
        return new Bundle.Heads(sql.sql(digest).params(place).param("kind", "snapshots").param("number", until.snapshots()).query(String.class).single(),
                sql.sql(digest).params(place).param("kind", "decisions").param("number", until.decisions()).query(String.class).single());
    }

    /** How far the chains are shown. */
    private record Until(List<String> anchors, long snapshots, long decisions) {
    }

    /** Up to the first anchor of each place that covers the decision: what came later proves nothing more. Where none does yet, up to the newest. */
    private Until until(String organisation, long number, Entry entry) {
        List<AnchorLine> lines = new ArrayList<>();
        List<String> covering = sql.sql("""
                select distinct on (destination) line from syncline.anchor a
                where organisation = :organisation
                  and exists (select from jsonb_array_elements(line::jsonb -> 'chains') c where c ->> 'kind' = 'decisions'
                              and (c ->> 'number')::bigint >= :number)
                  and exists (select from jsonb_array_elements(line::jsonb -> 'chains') c where c ->> 'kind' = 'snapshots' and c ->> 'sync' = :sync
                              and (c ->> 'number')::bigint >= (select s.number from syncline.snapshot s where s.id = :seen))
                order by destination, id""").param("organisation", organisation).param("number", number).param("sync", entry.sync())
                .param("seen", entry.seen()).query(String.class).list().stream().distinct().toList();
        covering.forEach(line -> AnchorLine.read(line).ifPresent(lines::add));
        if (lines.isEmpty()) {
            return new Until(sql.sql("select distinct on (destination) line from syncline.anchor where organisation = ? order by destination, id desc")
                    .param(organisation).query(String.class).list().stream().distinct().toList(), head(organisation, SNAPSHOTS, entry.sync()),
                    head(organisation, DECISIONS, null));
        }
        return new Until(covering, farthest(lines, SNAPSHOTS, entry.sync()), farthest(lines, DECISIONS, null));
    }

    private static long farthest(List<AnchorLine> lines, String kind, String sync) {
        return lines.stream().flatMap(line -> line.of(kind, sync).stream()).mapToLong(AnchorLine.Link::number).max().orElseThrow();
    }

    private long head(String organisation, String kind, String sync) {
        return sql.sql("select number from syncline.chain_heads(?) where kind = ? and sync is not distinct from ?").params(organisation, kind, sync)
                .query(Long.class).single();
    }

    /** Null where the version has its content still. What a decision points to never expires, so it was erased. */
    private Bundle.Entry removal(Map<String, Object> place, Entry entry) {
        return sql.sql("""
                select m.entry, encode(m.previous, 'hex') from syncline.version_in(:sync, :entity, :organisation, :row, :seen) v
                cross join lateral syncline.removal_of(:sync, :entity, :organisation, :row, v.valid_from, null) m
                where v.document = ''""").params(place).query((row, n) -> new Bundle.Entry(row.getString(1), row.getString(2), List.of())).optional()
                .orElse(null);
    }
}
