package io.syncline.api;

import io.syncline.RunningSyncline;
import io.syncline.TestPostgres;
import io.syncline.access.HostAccess;
import io.syncline.access.Role;
import io.syncline.api.Contract.Operation;
import io.syncline.audit.Decisions;
import io.syncline.audit.NewDecision;
import io.syncline.run.Mode;
import io.syncline.run.RunRequest;
import io.syncline.sandbox.Entity;
import io.syncline.sandbox.ServiceTitanSandbox;
import org.yaml.snakeyaml.Yaml;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The whole product for two organisations: {@code acme} has everything there can be, {@code globex} has the same sync and has not read a record yet. A third
 * one, {@code initech}, has no sync at all. For every operation of the contract there is a path to something of acme's, and a body that it takes.
 */
final class TwoOrganisations implements AutoCloseable {
    private static final Pattern PARAMETER = Pattern.compile("\\{([^}]*)}");
    private static final String ENTITY = "/api/v1/syncs/{sync}/entities/{entity}";

    final RunningSyncline product;
    private final ServiceTitanSandbox sandbox;
    private final Map<?, ?> document;
    private final AtomicInteger names = new AtomicInteger();
    private final long held;
    /** What stands in the place of a path's parameter, by the path up to it: something that acme has. A new operation may need another one here. */
    private final Map<String, Supplier<Object>> samples = Map.ofEntries(
            Map.entry("/api/sync/{sync}", () -> "pricebook"),
            Map.entry("/api/sync/{sync}/entity/{type}", () -> "services"),
            Map.entry("/api/sync/{sync}/entity/{type}/{id}", this::record),
            Map.entry("/api/sync/{sync}/resolve-conflict/{id}", this::conflict),
            Map.entry("/api/v1/syncs/{sync}/conflicts/{id}", this::conflict),
            Map.entry("/api/v1/runs/{id}", this::heldRun),
            Map.entry("/api/v1/runs/{id}/held/{entity}", () -> "equipment"),
            Map.entry("/api/v1/plans/{id}", () -> run("acme", true)),
            Map.entry("/api/v1/syncs/{sync}", () -> "pricebook"),
            Map.entry(ENTITY, () -> "services"),
            Map.entry("/api/v1/syncs/{sync}/imports/{import}", () -> "vendor_prices"),
            Map.entry("/api/v1/syncs/{sync}/tables/{table}", () -> "vendor_prices"),
            Map.entry(ENTITY + "/records/{key}", this::record),
            Map.entry("/api/v1/syncs/{sync}/snapshots/{number}", () -> one("select max(number) from syncline.snapshot where organisation = 'acme'")),
            Map.entry("/api/v1/syncs/{sync}/pushes/{number}", this::push),
            Map.entry("/api/v1/decisions/{number}", this::decision),
            Map.entry("/api/v1/attention/{id}", this::setAside),
            Map.entry("/webhook/{system}", () -> "servicetitan"),
            Map.entry("/api/v1/webhooks/{id}", this::told),
            Map.entry("/api/v1/schedules/{name}", () -> "acmes-schedule"),
            Map.entry("/api/v1/keys/{id}", () -> product().bean(HostAccess.class).newKey("sample-" + names.incrementAndGet(), "acme", Role.VIEWER).id()));

    TwoOrganisations(Path folder) {
        try (InputStream file = TwoOrganisations.class.getResourceAsStream("/api/openapi.yaml")) {
            this.document = new Yaml().load(file);
            sandbox = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT.size(60));
            product = RunningSyncline.start(configuration(folder), TestPostgres.url(), settings());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run("acme", false);
        product.sql().sql("update pricebook.services set display_name = 'acmes own name' where org_id = 'acme' and st_id = ?").param(record()).update();
        product.sql().sql("""
                insert into syncline.schedule (name, sync, organisation, mode, cron, zone, jitter, catch_up)
                values ('acmes-schedule', 'pricebook', 'acme', 'full', '0 0 2 1 1 ?', 'UTC', interval '0', false)""").update();
        product.sql().sql("""
                with imported as (insert into syncline.import_run (sync, import, organisation, trigger, requested_by, state, finished_at)
                                  values ('pricebook', 'vendor_prices', 'acme', 'api', 'ann-of-acme', 'done', now()) returning id, organisation)
                insert into syncline.import_file (import_run, organisation, supplier, file, state, message)
                select id, organisation, 'ced', 'acmes own prices.csv', 'failed', 'acmes own reason' from imported""").update();
        sandbox.fault("/equipment -> empty-page");
        changeThere("acmes own price");
        held = run("acme", false);
        sandbox.clearFaults();
    }

    /** What was edited here is in conflict with that. */
    private void changeThere(String description) {
        sandbox.clock().advance(Duration.ofHours(1));
        sandbox.put(Entity.SERVICES, Long.parseLong(record().toString()), "{\"displayName\": \"" + description + "\"}");
    }

    private RunningSyncline product() {
        return product;
    }

    private static Path configuration(Path folder) throws IOException {
        Path config = folder.resolve("config");
        for (String file : List.of("systems/servicetitan.yaml", "syncs/pricebook.yaml")) {
            Files.createDirectories(config.resolve(file).getParent());
            Files.copy(Path.of("config", file), config.resolve(file));
        }
        Path sync = config.resolve("syncs/pricebook.yaml");
        Files.writeString(sync, Files.readString(sync).replaceFirst("(?m)^side:", "organisations: [acme, globex]\nside:"));
        return config;
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>(Map.of("SERVICETITAN_PRIVATE_NETWORK", "true", "syncline.access.rate.per-second", "0",
                "syncline.api.patience", "2s"));
        for (String organisation : List.of("ACME_", "GLOBEX_")) {
            settings.putAll(Map.of(organisation + "SERVICETITAN_URL", sandbox.url(), organisation + "SERVICETITAN_TOKEN_URL", sandbox.tokenUrl(),
                    organisation + "SERVICETITAN_TENANT", sandbox.options().tenant(), organisation + "SERVICETITAN_CLIENT_ID", sandbox.options().clientId(),
                    organisation + "SERVICETITAN_CLIENT_SECRET", sandbox.options().clientSecret(), organisation + "SERVICETITAN_APP_KEY", sandbox.options()
                            .appKey()));
        }
        return settings;
    }

    String key(String organisation, Role role) {
        return product.bean(HostAccess.class).newKey(organisation + "-" + role.word() + "-" + names.incrementAndGet(), organisation, role).text();
    }

    long run(String organisation, boolean dry) {
        return product.run(new RunRequest("pricebook", organisation, Mode.FULL, dry, null, null, null, "test", "of-" + organisation)).path("run").asLong();
    }

    private Object conflict() {
        return one("select min(id) from syncline.conflict where organisation = 'acme'");
    }

    private Object heldRun() {
        return held;
    }

    private Object setAside() {
        return one("""
                insert into syncline.attention (sync, entity, organisation, kind, subject, key, run_id, reason, first_seen_at, last_seen_at, state)
                select 'pricebook', 'services', 'acme', 'rejected', 'sample-%1$d', 'sample-%1$d', max(id), 'acmes own reason', now(), now(), 'open'
                from syncline.run where organisation = 'acme' returning 'a' || id""".formatted(names.incrementAndGet()));
    }

    private Object told() {
        return one("""
                insert into syncline.webhook (organisation, system, delivery, digest, body, state, reason, ended_at)
                values ('acme', 'servicetitan', 'acmes own %d', '', '', 'ignored', 'acmes own reason', now())
                returning id""".formatted(names.incrementAndGet()));
    }

    private Object push() {
        product.sql().sql("update syncline.push set state = 'discarded', next_attempt_at = null, ended_at = now() where ended_at is null").update();
        return one("""
                insert into syncline.push (sync, entity, organisation, row_id, key, action, state, document, hash, agreed, agreed_hash, run_id, created_at,
                    reason,
                      first_sent_at)
                select 'pricebook', 'services', 'acme', row_id, st_id, 'update', 'unknown', document, hash, document, hash, (select max(id) from syncline.run
                      where organisation = 'acme'), now(), 'acmes own reason', now() from pricebook.services
                where org_id = 'acme' and deleted_at is null order by row_id limit 1 returning number""");
    }

    private Object decision() {
        return product.bean(Decisions.class).make(new NewDecision("acme", "ann-of-acme", "pricebook", "services", record().toString(), null, "approval",
                "acmes own reason", null)).number();
    }

    private Object record() {
        return one("select min(st_id) from pricebook.services where org_id = 'acme' and deleted_at is null");
    }

    private Object one(String query) {
        return product.sql().sql(query).query((row, number) -> row.getObject(1)).single();
    }

    /** The values of an operation's path parameters, each of something that acme has. */
    Map<String, String> samples(Operation operation) {
        Map<String, String> values = new LinkedHashMap<>();
        String path = operation.path().text();
        for (Matcher parameter = PARAMETER.matcher(path); parameter.find(); ) {
            String upTo = path.substring(0, parameter.end());
            Supplier<Object> sample = samples.get(upTo);
            if (sample == null) {
                throw new AssertionError("Operation " + operation.id() + " has the parameter " + upTo + ", for which there is no sample. Write into samples of"
                        + " TwoOrganisations what stands there: something that the organisation acme has.");
            }
            Object value = sample.get();
            if (value == null) {
                throw new AssertionError("Operation " + operation.id() + ": acme has nothing for " + upTo + ". Have TwoOrganisations make something.");
            }
            values.put(parameter.group(1), value.toString());
        }
        return values;
    }

    static String path(Operation operation, Map<String, String> values) {
        return PARAMETER.matcher(operation.path().text()).replaceAll(match -> Matcher.quoteReplacement(encoded(values.get(match.group(1)))));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A body that the operation takes, as the contract shows it; null where it takes none. */
    String body(Operation operation) {
        Object body = declared(operation).get("requestBody");
        if (body == null) {
            return null;
        }
        Map<?, ?> json = (Map<?, ?>) ((Map<?, ?>) ((Map<?, ?>) body).get("content")).values().iterator().next();
        Object example = json.get("example") != null ? json.get("example")
                : json.get("examples") instanceof Map<?, ?> examples ? ((Map<?, ?>) examples.values().iterator().next()).get("value") : null;
        if (example == null) {
            throw new AssertionError("Operation " + operation.id() + " takes a body of which the contract shows no example. Write one beside its schema.");
        }
        return Doors.JSON.valueToTree(example).toString();
    }

    /** The headers that an operation cannot do without, with the contract's examples. */
    String[] headers(Operation operation) {
        return declared(operation).get("parameters") instanceof List<?> parameters ? parameters.stream().map(each -> resolved((Map<?, ?>) each))
                .filter(each -> "header".equals(each.get("in")) && Boolean.TRUE.equals(each.get("required")))
                .flatMap(each -> Stream.of((String) each.get("name"), String.valueOf(each.get("example")))).toArray(String[]::new) : new String[0];
    }

    private Map<?, ?> declared(Operation operation) {
        Map<?, ?> paths = (Map<?, ?>) document.get("paths");
        return (Map<?, ?>) ((Map<?, ?>) paths.get(operation.path().text().replaceFirst("^/api", ""))).get(operation.method().toLowerCase(Locale.ROOT));
    }

    private Map<?, ?> resolved(Map<?, ?> parameter) {
        if (!(parameter.get("$ref") instanceof String reference)) {
            return parameter;
        }
        Map<?, ?> found = document;
        for (String step : reference.substring(2).split("/")) {
            found = (Map<?, ?>) found.get(step);
        }
        return found;
    }

    @Override
    public void close() {
        product.close();
        sandbox.close();
    }
}
