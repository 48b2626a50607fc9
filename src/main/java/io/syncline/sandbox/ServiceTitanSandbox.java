package io.syncline.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A pricebook like ServiceTitan's on 127.0.0.1: token endpoint, app key, paged lists, its filters and its traps, filled with a few thousand invented
 * records that can be written, too. What is behind it can be looked at, changed and broken, from Java here and over HTTP under {@code /_control}.
 * Every method is safe from any thread, and a change can be read as soon as its call has come back.
 */
public final class ServiceTitanSandbox extends Sandbox {
    private final Options options;
    private final Records records = new Records();
    private final ServiceTitanWrites writes = new ServiceTitanWrites(records, clock());
    private final Announcer announcer = new Announcer();
    private final TokenDesk tokens;
    private final ServiceTitanApi api;
    private final Control control = new ServiceTitanControl(this);

    /**
     * @param port          0 for a free one
     * @param seed          of the data: the same seed and size, the same records
     * @param size          how many services, materials and equipment together; categories are a twentieth of it, from 12 to 1,000
     * @param tokenLifetime of access tokens
     */
    public record Options(int port, long seed, int size, String tenant, String clientId, String clientSecret, String appKey, Duration tokenLifetime) {
        /** A free port, 2,400 records and credentials that say what they are. */
        public static final Options DEFAULT =
                new Options(0, 1, 2_400, "1234567", "sandbox-client", "sandbox-secret", "sandbox-app-key", Duration.ofMinutes(15));

        public Options port(int other) {
            return new Options(other, seed, size, tenant, clientId, clientSecret, appKey, tokenLifetime);
        }

        public Options seed(long other) {
            return new Options(port, other, size, tenant, clientId, clientSecret, appKey, tokenLifetime);
        }

        /** From 24 to 100,000. */
        public Options size(int other) {
            return new Options(port, seed, other, tenant, clientId, clientSecret, appKey, tokenLifetime);
        }

        public Options credentials(String otherTenant, String otherClientId, String otherClientSecret, String otherAppKey) {
            return new Options(port, seed, size, otherTenant, otherClientId, otherClientSecret, otherAppKey, tokenLifetime);
        }

        public Options tokenLifetime(Duration other) {
            return new Options(port, seed, size, tenant, clientId, clientSecret, appKey, other);
        }
    }

    private ServiceTitanSandbox(Options options) {
        this.options = options;
        tokens = new TokenDesk(options.clientId(), options.clientSecret(), options.tokenLifetime());
        api = new ServiceTitanApi(options, records, clock(), tokens, writes, this::mutate);
        refill();
        listen(options.port());
    }

    /** With {@link Options#DEFAULT}. */
    public static ServiceTitanSandbox start() {
        return start(Options.DEFAULT);
    }

    /** @throws UncheckedIOException when the port is taken */
    public static ServiceTitanSandbox start(Options options) {
        if (options.size() < 24 || options.size() > 100_000) {
            throw new IllegalArgumentException("a sandbox of " + options.size() + " records: from 24 to 100,000 are possible");
        }
        return new ServiceTitanSandbox(options);
    }

    public Options options() {
        return options;
    }

    public String tokenUrl() {
        return url() + "/connect/token";
    }

    /** The current truth: what {@code GET /{id}} answers for each record that there is, active or not, in the order of the ids. */
    public SortedMap<Long, ObjectNode> snapshot(Entity entity) {
        SortedMap<Long, ObjectNode> snapshot = new TreeMap<>();
        records.list(entity).forEach(item -> snapshot.put(item.id(), item.node()));
        return snapshot;
    }

    /** One record as it stands. */
    public Optional<ObjectNode> record(Entity entity, long id) {
        return records.find(entity, id).map(Item::node);
    }

    /**
     * Changes the data at random but by the seed, as people at the office would.
     *
     * @return exactly what was done
     */
    public List<Mutation> mutate(long seed, int count) {
        List<Mutation> done = Mutator.mutate(records, clock(), seed, count);
        done.forEach(mutation -> announcer.tell(mutation.kind(), mutation.entity(), mutation.id(), clock().now()));
        return done;
    }

    /**
     * Sets fields of a record, which is made if it is not there. Nothing is checked, so that nonsense can be put in too. Its change time is the
     * clock's unless the fields say {@code modifiedOn}.
     *
     * @param fields a JSON object
     */
    public void put(Entity entity, long id, String fields) {
        ObjectNode given = JsonText.object(fields);
        synchronized (records) {
            Instant now = clock().now();
            Optional<Item> before = records.find(entity, id);
            ObjectNode node = before.map(Item::node).orElseGet(() -> Blank.record(entity, id));
            node.remove("modifiedOn");
            node.setAll(given);
            node.put("id", id);
            records.put(entity, node, before.map(Item::createdOn).orElse(now), now);
            announcer.tell(before.isPresent() ? Mutation.Kind.UPDATED : Mutation.Kind.CREATED, entity, id, now);
        }
    }

    /** Removes a record without a trace; what refers to it stays as it is. */
    public boolean remove(Entity entity, long id) {
        boolean removed = records.remove(entity, id);
        if (removed) {
            announcer.tell(Mutation.Kind.DELETED, entity, id, clock().now());
        }
        return removed;
    }

    public Habits habits() {
        return writes.habits();
    }

    public void habits(Habits habits) {
        writes.habits(habits);
    }

    /**
     * From here on every change is told to an address, as a webhook.
     *
     * @param secret of Standard Webhooks: {@code whsec_} and base64
     */
    public void webhooks(String url, String secret) {
        announcer.listener(url, secret);
    }

    public void noWebhooks() {
        announcer.nobody();
    }

    /** An outage under way is over when this comes back. */
    public void endOutage() {
        server().comeUp();
    }

    /** No token that was given out is worth anything any more. */
    public void expireTokens() {
        tokens.expireAll();
    }

    @Override
    Control control() {
        return control;
    }

    @Override
    void refill() {
        announcer.nobody();
        writes.reset();
        Catalogue.fill(records, options.seed(), options.size());
    }

    @Override
    Answer served(Request request, Fault fault) {
        if (fault instanceof Fault.Delay delay) {
            server().pause(delay.by());
        } else if (fault instanceof Fault.Outage outage) {
            server().goDown(outage.length());
        }
        Answer answer = api.answer(request, fault);
        answer.effects().forEach(effect -> announcer.tell(effect.kind(), effect.entity(), effect.id(), effect.at()));
        return answer;
    }

    @Override
    public void close() {
        announcer.close();
        super.close();
    }
}
