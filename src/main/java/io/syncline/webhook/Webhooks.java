package io.syncline.webhook;

import io.syncline.config.Configuration;
import io.syncline.config.SyncConfig;
import io.syncline.config.SystemConfig;
import io.syncline.config.WebhookConfig;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Takes messages and keeps them. Promise 25: whoever is answered that a message was taken may forget it, because it stands in the database by then.
 */
@Component
public class Webhooks {
    private static final int LONGEST_ID = 200;

    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final Configuration configuration;
    private final Senders senders;

    Webhooks(JdbcClient sql, TransactionTemplate transaction, Configuration configuration, Senders senders) {
        this.sql = sql;
        this.transaction = transaction;
        this.configuration = configuration;
        this.senders = senders;
    }

    /** @param isNew false when it had been taken before, so that nothing was done now */
    public record Taken(boolean isNew) {
    }

    /**
     * A system that can tell something.
     *
     * @param takes messages of it are taken: its secret is set
     */
    public record Teller(String system, String title, boolean takes) {
    }

    /** The systems of an organisation that declare what they tell. */
    public List<Teller> tellers(String organisation) {
        return configuration.syncs().values().stream().filter(sync -> sync.organisations().contains(organisation)).map(SyncConfig::system).distinct()
                .map(configuration.systems()::get).filter(system -> system.webhook() != null)
                .map(system -> new Teller(system.name(), system.title(), senders.known(system.name(), organisation))).toList();
    }

    /**
     * Keeps a message.
     *
     * @param headers by their names, whatever their case
     * @return empty where nobody may tell anything of such a system
     * @throws NotSigned when nobody who may has signed it
     */
    public Optional<Taken> take(String system, Map<String, String> headers, byte[] body) {
        if (!senders.known(system)) {
            return Optional.empty();
        }
        WebhookConfig webhook = configuration.systems().get(system).webhook();
        String organisation = senders.organisation(system, webhook, headers, body, Instant.now())
                .orElseThrow(() -> new NotSigned("a message of " + system + " is not signed by anybody who is known, or not within five minutes"));
        return Optional.of(new Taken(keep(organisation, configuration.systems().get(system), headers, body)));
    }

    private boolean keep(String organisation, SystemConfig system, Map<String, String> headers, byte[] body) {
        Told told = Told.of(system.webhook(), headers, body);
        byte[] digest = digest(body);
        String delivery = delivery(system.webhook(), headers);
        List<Target> targets = told.trouble() == null ? Target.of(configuration, organisation, system.name(), told.resource()) : List.of();
        return Boolean.TRUE.equals(transaction.execute(status -> {
            // Without an id and a time, the same words are the same message only as long as nobody has begun to read what they are about.
            if (delivery == null && stillWaits(organisation, system.name(), digest)) {
                return false;
            }
            String id = delivery == null ? "none, " + UUID.randomUUID() : delivery;
            if (targets.isEmpty()) {
                String reason = told.trouble() != null ? told.trouble() : "No entity that is read record by record comes from \"" + told.resource() + "\".";
                return insert(organisation, system.name(), id, digest, body, null, told.key(), reason);
            }
            boolean isNew = false;
            for (Target target : targets) {
                isNew |= insert(organisation, system.name(), id, digest, body, target, told.key(), null);
            }
            return isNew;
        }));
    }

    private boolean insert(String organisation, String system, String delivery, byte[] digest, byte[] body, Target target, String key, String reason) {
        return sql.sql("""
                insert into syncline.webhook (organisation, system, delivery, digest, body, sync, entity, key, state, reason, next_attempt_at, ended_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                    case when ?::text is null then clock_timestamp() end, case when ?::text is not null then clock_timestamp() end)
                on conflict do nothing""")
                .params(Arrays.asList(organisation, system, delivery, digest, body, target == null ? null : target.sync(),
                        target == null ? null : target.entity(), key, reason == null ? "waiting" : "ignored", reason, reason, reason)).update() == 1;
    }

    private boolean stillWaits(String organisation, String system, byte[] digest) {
        return sql.sql("""
                select exists (select from syncline.webhook
                    where organisation = ? and system = ? and digest = ? and state = 'waiting' and attempts = 0)""")
                .params(organisation, system, digest).query(Boolean.class).single();
    }

    /** What stands for the message's id; null where it has neither an id nor a time. */
    private static String delivery(WebhookConfig webhook, Map<String, String> headers) {
        return Signature.header(headers, webhook.idHeader()).map(id -> id.length() > LONGEST_ID ? "long, " + hex(id) : id)
                .or(() -> Signature.header(headers, webhook.timestampHeader()).map(time -> "at " + time)).orElse(null);
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java", e);
        }
    }
}
