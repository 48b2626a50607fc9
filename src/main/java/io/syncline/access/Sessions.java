package io.syncline.access;

import org.springframework.jdbc.core.simple.JdbcClient;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The sessions of browsers. A session is known by 160 random bits of which only a hash is stored; it ends when it was idle or lived for too long, when it is
 * signed out of, and at once when the key is revoked that it came of.
 */
public final class Sessions {
    static final String MARK = ApiKey.MARK + "session";

    private static final String STALE = "s.last_seen_at < clock_timestamp() - interval '1 minute'";
    private static final String ALIVE = """
            s.ended_at is null and s.ends_at > clock_timestamp() and s.last_seen_at > clock_timestamp() - s.idle
            and not exists (select from syncline.api_key k where k.id = s.key_id and k.revoked_at is not null)""";

    private final JdbcClient database;
    private final AccessSettings.Session settings;

    Sessions(JdbcClient database, AccessSettings.Session settings) {
        this.database = database;
        this.settings = settings;
    }

    /** Whose session the token is; empty when it is nobody's, or over. */
    Optional<Caller> caller(String token) {
        if (!token.startsWith(MARK) || token.length() != MARK.length() + Letters.SECRET) {
            return Optional.empty();
        }
        Optional<Found> found = database.sql("select s.id, s.name, s.organisation, s.role, s.key_id, " + STALE
                        + " as stale from syncline.session s where s.hash = ? and " + ALIVE).param(Letters.hash(token))
                .query((row, number) -> new Found(new Caller(row.getString("name"), row.getString("organisation"), Role.of(row.getString("role")),
                        new Caller.Proof(Caller.Kind.SESSION, row.getObject("key_id", Long.class), row.getLong("id"))), row.getBoolean("stale")))
                .optional();
        found.filter(Found::stale).ifPresent(session -> database
                .sql("update syncline.session s set last_seen_at = clock_timestamp() where s.id = ? and " + STALE).param(session.caller().proof().session())
                        .update());
        return found.map(Found::caller);
    }

    /** For whoever has shown a key. */
    Opened open(Caller caller) {
        return opened("select ?::text as name, ?::text as organisation, ?::text as role, ?::bigint as key_id", caller.name(), caller.organisation(),
                caller.role().word(), caller.proof().key()).orElseThrow();
    }

    /** For whoever has a one-time link; the link is used up by it. Empty when it is none, was used before, came too late, or its maker's key is revoked. */
    Optional<Opened> openByLink(String link) {
        return opened("""
                update syncline.sign_in_link l set used_at = clock_timestamp()
                where l.hash = ? and l.used_at is null and l.expires_at > clock_timestamp()
                  and not exists (select from syncline.api_key k where k.id = l.key_id and k.revoked_at is not null)
                returning l.name, l.organisation, l.role, l.key_id""", (Object) Letters.hash(link));
    }

    private Optional<Opened> opened(String who, Object... parameters) {
        database.sql("delete from syncline.session where ends_at < clock_timestamp() - interval '1 day'").update();
        String token = MARK + Letters.random(Letters.SECRET);
        List<Object> all = new ArrayList<>(Arrays.asList(parameters));
        all.addAll(List.of(Letters.hash(token), settings.idle().toSeconds(), settings.lifetime().toSeconds()));
        return database.sql("with who as (" + who + """
                        ) insert into syncline.session (hash, name, organisation, role, key_id, idle, ends_at)
                        select ?, name, organisation, role, key_id, ? * interval '1 second', clock_timestamp() + ? * interval '1 second' from who
                        returning id, name, organisation, role, key_id, ends_at""").params(all)
                .query((row, number) -> new Opened(token, new Caller(row.getString("name"), row.getString("organisation"), Role.of(row.getString("role")),
                        new Caller.Proof(Caller.Kind.SESSION, row.getObject("key_id", Long.class), row.getLong("id"))),
                        row.getObject("ends_at", OffsetDateTime.class), settings.lifetime()))
                .optional();
    }

    public void end(long session) {
        database.sql("update syncline.session set ended_at = clock_timestamp() where id = ? and ended_at is null").param(session).update();
    }

    private record Found(Caller caller, boolean stale) {
    }

    /** @param token what the browser's cookie holds */
    public record Opened(String token, Caller caller, OffsetDateTime endsAt, Duration lifetime) {
        /** Promise 28. */
        @Override
        public String toString() {
            return "session " + caller.proof().session();
        }
    }
}
