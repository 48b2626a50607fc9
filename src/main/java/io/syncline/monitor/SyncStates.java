package io.syncline.monitor;

import io.syncline.config.Configuration;
import io.syncline.config.SyncConfig;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

import java.util.List;

/** Whether the syncs do their work, in a word and a sentence: {@code green}, {@code yellow} (somebody should look) or {@code red} (nothing comes any more). */
@Component
public class SyncStates {
    private static final List<String> COLOURS = List.of("green", "yellow", "red");

    private final Configuration configuration;
    private final JdbcClient sql;

    SyncStates(Configuration configuration, JdbcClient sql) {
        this.configuration = configuration;
        this.sql = sql;
    }

    /** Of all organisations together; no names. */
    public String overall() {
        return worst(configuration.syncs().values().stream()
                .flatMap(sync -> sync.organisations().stream().map(organisation -> state(sync, organisation))).toList());
    }

    /** Those of an organisation, by name. */
    public List<SyncState> of(String organisation) {
        return configuration.syncs().values().stream().filter(sync -> sync.organisations().contains(organisation)).map(sync -> state(sync, organisation))
                .sorted((one, other) -> one.sync().compareTo(other.sync())).toList();
    }

    public static String worst(List<SyncState> states) {
        return COLOURS.get(states.stream().mapToInt(state -> COLOURS.indexOf(state.colour())).max().orElse(0));
    }

    private SyncState state(SyncConfig sync, String organisation) {
        Last last = sql.sql("""
                select id, state, failure from syncline.run where sync = ? and organisation = ? and mode in ('full', 'incremental') and not dry_run
                  and finished_at is not null and state <> 'cancelled' order by id desc limit 1""").params(sync.name(), organisation).query(Last.class).optional().orElse(null);
        if (last == null) {
            return new SyncState(sync.name(), "yellow", "No run has ended yet.");
        }
        if (last.state().equals("failed")) {
            return new SyncState(sync.name(), "red", "Run " + last.id() + " failed: " + last.failure());
        }
        if (last.state().equals("partial")) {
            return new SyncState(sync.name(), "yellow", "Run " + last.id() + " left something out; its report says what and why.");
        }
        boolean waiting = sql.sql("""
                select exists (select from syncline.attention where sync = :sync and organisation = :organisation and state = 'open')
                    or exists (select from syncline.conflict where sync = :sync and organisation = :organisation and state = 'open')""")
                .param("sync", sync.name()).param("organisation", organisation).query(Boolean.class).single();
        return waiting ? new SyncState(sync.name(), "yellow", "Something waits for a person; the attention list says what.")
                : new SyncState(sync.name(), "green", "The last run published everything.");
    }

    private record Last(long id, String state, String failure) {
    }

    /** @param colour {@code green}, {@code yellow} or {@code red} */
    public record SyncState(String sync, String colour, String why) {
    }
}
