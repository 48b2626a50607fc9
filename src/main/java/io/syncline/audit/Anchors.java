package io.syncline.audit;

import io.syncline.config.Explained;
import io.syncline.source.Postbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes how far every chain has come to places outside the database: once a day, when asked for, and as soon as it can after it could not. What was written is
 * kept here as well, to be shown; it proves nothing here.
 */
@Component("anchors")
@EnableConfigurationProperties(AnchorSettings.class)
public class Anchors {
    private static final Logger LOG = LoggerFactory.getLogger(Anchors.class);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final JdbcClient sql;
    private final TransactionTemplate apart;
    private final AnchorSettings settings;
    /** What each place does with a line. */
    private final Map<String, Place> places = new LinkedHashMap<>();

    private interface Place {
        void take(String line, long number);
    }

    Anchors(JdbcClient sql, PlatformTransactionManager transactions, AnchorSettings settings, Postbox postbox) {
        this.sql = sql;
        this.apart = new TransactionTemplate(transactions);
        apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.settings = settings;
        if (settings.file() != null) {
            places.put("file", (line, number) -> new AnchorFile(settings.file()).append(line));
        }
        if (settings.url() != null) {
            Postbox.check("syncline.anchor.url", settings.url());
            places.put("url", (line, number) -> postbox.post("syncline.anchor.url", settings.url(), settings.privateNetwork(),
                    Signature.headers(settings.secret(), "anchor-" + number, Instant.now(), line), line, settings.timeout()));
        }
    }

    /** An anchor that was written outside. */
    public record Exported(long number, String destination, Instant at, String askedBy, String line) {
    }

    /** Why an anchor is not outside that should be. */
    public record Trouble(String destination, Instant since, int attempts, String reason, Instant nextAt) {
    }

    /** Whether anchors go anywhere. */
    public boolean isConfigured() {
        return !places.isEmpty();
    }

    /** Exports what is due. What fails is told and tried again, longer and longer after, up to an hour. */
    public void exportDue() {
        try {
            for (String organisation : isConfigured() ? organisations() : List.<String>of()) {
                for (String place : places.keySet()) {
                    due(organisation, place);
                }
            }
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("The database did not say how far its chains have come; it is asked again in a while: {}", e.getMessage());
        }
    }

    private List<String> organisations() {
        return sql.sql("select distinct organisation from syncline.snapshot where number > 0 order by 1").query(String.class).list();
    }

    private void due(String organisation, String place) {
        try {
            apart.executeWithoutResult(status -> {
                if (isMine(organisation, place) && isDue(organisation, place)) {
                    write(organisation, place, null);
                }
            });
        } catch (RuntimeException e) {
            failed(organisation, place, e);
        }
    }

    /** Of several processes, one exports. */
    private boolean isMine(String organisation, String place) {
        String subject = "anchor " + place;
        sql.sql("insert into syncline.ledger_turn (subject, organisation) values (?, ?) on conflict do nothing").params(subject, organisation).update();
        return !sql.sql("select 1 from syncline.ledger_turn where subject = ? and organisation = ? for update skip locked").params(subject, organisation)
                .query(Integer.class).list().isEmpty();
    }

    private boolean isDue(String organisation, String place) {
        return sql.sql("""
                select not exists (select from syncline.anchor where organisation = :organisation and destination = :place
                                   and exported_at > clock_timestamp() - make_interval(secs => :every))
                   and not exists (select from syncline.anchor_trouble where organisation = :organisation and destination = :place
                                   and next_at > clock_timestamp())""").param("organisation", organisation).param("place", place)
                .param("every", settings.every().toMillis() / 1000.0).query(Boolean.class).single();
    }

    private Exported write(String organisation, String place, String askedBy) {
        Instant at = sql.sql("select clock_timestamp()").query((row, n) -> row.getObject(1, OffsetDateTime.class).toInstant()).single();
        String line = new AnchorLine(at.toString(), organisation, heads(organisation)).text();
        long number = sql.sql("""
                insert into syncline.anchor (organisation, destination, at, asked_by, line) values (:organisation, :place, :at, :by, :line) returning id""")
                .param("organisation", organisation).param("place", place).param("at", at.atOffset(ZoneOffset.UTC)).param("by", askedBy).param("line", line)
                .query(Long.class).single();
        sql.sql("delete from syncline.anchor_trouble where organisation = ? and destination = ?").params(organisation, place).update();
        // Last, so that what is known here has been outside; what is outside and not known here is one line more there.
        places.get(place).take(line, number);
        return new Exported(number, place, at, askedBy, line);
    }

    private List<AnchorLine.Link> heads(String organisation) {
        return sql.sql("select kind, sync, number, encode(digest, 'hex') from syncline.chain_heads(?)").param(organisation)
                .query((row, n) -> new AnchorLine.Link(row.getString(1), row.getString(2), row.getLong(3), row.getString(4))).list();
    }

    private void failed(String organisation, String place, RuntimeException failure) {
        String reason = Explained.in(failure).map(Explained::getMessage).orElse("Something failed on our side; the log says what.");
        int attempts = apart.execute(status -> sql.sql("""
                insert into syncline.anchor_trouble as t (organisation, destination, since, attempts, reason, next_at)
                values (:organisation, :place, clock_timestamp(), 1, :reason, clock_timestamp() + make_interval(secs => :first))
                on conflict (organisation, destination) do update set attempts = t.attempts + 1, reason = excluded.reason,
                    next_at = clock_timestamp() + make_interval(secs => least(:first * 2 ^ least(t.attempts, 20), :longest))
                returning attempts""").param("organisation", organisation).param("place", place).param("reason", reason)
                .param("first", settings.retry().toMillis() / 1000.0).param("longest", (double) LONGEST_WAIT.toSeconds()).query(Integer.class).single());
        if (attempts == 1) {
            LOG.warn("The anchor of {} could not be exported and is tried again: {}", organisation, reason);
        }
        LOG.debug("Why the anchor was not exported", failure);
    }

    /**
     * Exports one now, to every place.
     *
     * @throws NotAnchored when one of them did not take it
     */
    public List<Exported> export(String organisation, String askedBy) {
        List<Exported> exported = new ArrayList<>();
        String refused = null;
        for (String place : places.keySet()) {
            try {
                exported.add(apart.execute(status -> {
                    return write(organisation, place, askedBy);
                }));
            } catch (RuntimeException e) {
                failed(organisation, place, e);
                refused = Explained.in(e).map(Explained::getMessage).orElse("Something failed on our side; the log says what.");
            }
        }
        if (refused != null) {
            throw new NotAnchored(refused, null);
        }
        return exported;
    }

    /** @param below the number that the last step ended with, or one that no anchor has for the newest */
    public List<Exported> list(String organisation, long below, int limit) {
        return sql.sql("select id, destination, at, asked_by, line from syncline.anchor where organisation = ? and id < ? order by id desc limit ?")
                .params(organisation, below, limit).query((row, n) -> exported(row)).list();
    }

    /** The newest of each place. */
    public List<Exported> newest(String organisation) {
        return sql.sql("""
                select distinct on (destination) id, destination, at, asked_by, line from syncline.anchor where organisation = ?
                order by destination, id desc""").param(organisation).query((row, n) -> exported(row)).list();
    }

    private static Exported exported(ResultSet row) throws SQLException {
        return new Exported(row.getLong(1), row.getString(2), row.getObject(3, OffsetDateTime.class).toInstant(), row.getString(4), row.getString(5));
    }

    public List<Trouble> troubles(String organisation) {
        return sql.sql("select destination, since, attempts, reason, next_at from syncline.anchor_trouble where organisation = ? order by destination")
                .param(organisation).query((row, n) -> new Trouble(row.getString(1), row.getObject(2, OffsetDateTime.class).toInstant(), row.getInt(3),
                        row.getString(4), row.getObject(5, OffsetDateTime.class).toInstant()))
                .list().stream().filter(trouble -> places.containsKey(trouble.destination())).toList();
    }

    /** Whether any organisation's anchor is not where it should be. */
    public boolean isInTrouble() {
        return isConfigured() && sql.sql("select exists (select from syncline.anchor_trouble where destination = any (?))")
                .param(places.keySet().toArray(String[]::new)).query(Boolean.class).single();
    }

    /** What stands in the file; empty where no file is set. */
    public Optional<AnchorFile.Content> outside() {
        return Optional.ofNullable(settings.file()).map(file -> new AnchorFile(file).read());
    }
}
