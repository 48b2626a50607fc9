package io.syncline.config;

import io.syncline.change.Rules;
import io.syncline.config.SourceConfig.Auth;
import io.syncline.config.SourceConfig.Http;
import io.syncline.config.SourceConfig.HttpResource;
import io.syncline.config.SourceConfig.Paging;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ConfigurationReaderTest {
    private static final String HTTP = """
            name: crm
            title: CRM
            source:
              kind: http
              baseUrl: https://crm.example.com
            """;

    @TempDir
    private java.nio.file.Path folder;

    @Test
    void aShortSystemHasTheDefaultsThatTheSchemaStates() {
        Http http = http("  resources: {customers: {path: /customers}}\n");
        HttpResource customers = http.resources().get("customers");

        assertThat(http.auth()).isEqualTo(new Auth.None());
        assertThat(http.limits()).isEqualTo(SourceConfig.Limits.DEFAULT);
        assertThat(http.headers()).isEmpty();
        assertThat(http.allowPrivateNetwork()).isFalse();
        assertThat(customers.paging().kind()).isEqualTo(Paging.Kind.NONE);
        assertThat(customers).isEqualTo(new HttpResource("customers", "GET", "/customers", Map.of(), null, List.of(), http.paging(), null, null, List.of()));
    }

    @Test
    void aResourceSaysHowItIsRead() {
        HttpResource orders = http("""
              paging: {kind: cursor, parameter: page.cursor, in: body, next: meta.next, sizeParameter: page.size, size: 50,
                       total: meta.total, maxPages: 9, stable: true}
              resources:
                orders:
                  method: POST
                  path: /search
                  query: {active: Any, deep: true, most: 10}
                  body: {types: [ORDER], from: 1.50}
                  records: result.orders
                  since: {parameter: filter.since, in: body, format: epoch-millis, overlap: 1h30m}
                  byId: /orders/{id}
                  record: order
            """).resources().get("orders");

        assertThat(orders.paging()).isEqualTo(new Paging(Paging.Kind.CURSOR, "page.cursor", true, 0, "page.size", 50, List.of("meta", "next"), null,
                List.of("meta", "total"),
                null, Paging.End.EMPTY_PAGE, 9, true));
        assertThat(orders.query()).isEqualTo(Map.of("active", "Any", "deep", "true", "most", "10"));
        assertThat(orders.body()).isEqualTo("{\"types\":[\"ORDER\"],\"from\":1.50}");
        assertThat(orders.records()).containsExactly("result", "orders");
        assertThat(orders.record()).containsExactly("order");
        assertThat(orders.since().inBody()).isTrue();
        assertThat(orders.since().overlap()).isEqualTo(Duration.ofMinutes(90));
        assertThat(orders.since().format().write(Instant.ofEpochMilli(5))).isEqualTo("5");
    }

    @Test
    void everyKindOfPagingIsRead() {
        Map<String, HttpResource> resources = http("""
              resources:
                pages: {path: /a, byId: "/a/{id}", paging: {kind: page, parameter: p, first: 0, more: more, end: short-page}}
                offsets: {path: /b, byId: "/b/{id}", paging: {kind: offset, parameter: skip, end: total, totalHeader: X-Total}}
                links: {path: /c, byId: "/c/{id}", paging: {kind: link-header, sizeParameter: per_page}}
                urls: {path: /d, byId: "/d/{id}", paging: {kind: next-url, next: next}}
            """).resources();

        assertThat(resources.get("pages").paging()).isEqualTo(new Paging(Paging.Kind.PAGE, "p", false, 0, null, 100, null, List.of("more"), null, null,
                Paging.End.SHORT_PAGE, 100_000, false));
        assertThat(resources.get("offsets").paging()).isEqualTo(new Paging(Paging.Kind.OFFSET, "skip", false, 0, null, 100, null, null, null, "X-Total",
                Paging.End.TOTAL, 100_000, false));
        assertThat(resources.get("links").paging().kind()).isEqualTo(Paging.Kind.LINK_HEADER);
        assertThat(resources.get("urls").paging().next()).containsExactly("next");
    }

    @Test
    void everyKindOfAuthenticationIsRead() {
        assertThat(auth("{kind: basic, user: me, password: \"${P}\"}")).isEqualTo(new Auth.Basic("me", "${P}"));
        assertThat(auth("{kind: bearer, token: \"${T}\"}")).isEqualTo(new Auth.Bearer("${T}"));
        assertThat(auth("{kind: header, name: X-Key, value: \"${K}\"}")).isEqualTo(new Auth.Header("X-Key", "${K}"));
        assertThat(auth("{kind: oauth2, tokenUrl: \"https://a/t\", clientId: c, clientSecret: \"${S}\"}"))
                .isEqualTo(new Auth.OAuth2("https://a/t", "c", "${S}", null));
        assertThat(auth("{kind: login, url: /login, body: {user: me, password: \"${P}\"}, token: data.token}"))
                .isEqualTo(new Auth.Login("/login", "{\"user\":\"me\",\"password\":\"${P}\"}", List.of("data", "token"), null, "Authorization", "Bearer "));
    }

    @Test
    void theOtherKindsOfSourcesAreRead() {
        Configuration configuration = new Written(folder).file("systems/db.yaml", """
                name: db
                title: Database
                source:
                  kind: jdbc
                  url: jdbc:postgresql://db/crm
                  user: me
                  password: ${DB_PASSWORD}
                  resources:
                    customers: {query: "select id, name from customer", key: [id, part], pageSize: 1000, since: {column: changed_at, overlap: 5m}}
                """).file("systems/prices.yaml", """
                name: prices
                title: Prices
                source:
                  kind: files
                  directory: /srv/prices
                  resources:
                    ced: {include: "ced-*.csv", format: csv, delimiter: ";", charset: ISO-8859-1}
                    pool: {include: "*.jsonl", format: json-lines}
                """).file("systems/erp.yaml", """
                name: erp
                title: ERP
                source:
                  kind: route
                  resources:
                    orders: {uri: direct:read-orders, stable: true}
                """).read();

        SourceConfig.Jdbc jdbc = (SourceConfig.Jdbc) configuration.systems().get("db").source();
        assertThat(jdbc.resources().get("customers").key()).containsExactly("id", "part");
        assertThat(jdbc.resources().get("customers").since().parameter()).isEqualTo("changed_at");
        assertThat(jdbc.resources().get("customers").pageSize()).isEqualTo(1000);
        SourceConfig.Files files = (SourceConfig.Files) configuration.systems().get("prices").source();
        assertThat(files.resources().get("ced")).isEqualTo(new SourceConfig.FilesResource("ced", "ced-*.csv", SourceConfig.FilesResource.Format.CSV, ';',
                StandardCharsets.ISO_8859_1, 500));
        assertThat(files.resources().get("pool").charset()).isEqualTo(StandardCharsets.UTF_8);
        assertThat(configuration.systems().get("erp").source())
                .isEqualTo(new SourceConfig.Route(Map.of("orders", new SourceConfig.RouteResource("orders", "direct:read-orders", null, true))));
    }

    @Test
    void aSyncSaysWhatIsKeptInStep() {
        SyncConfig sync = sync("""
                fieldNames: camelCase
                schedules: {incremental: "0 */5 * * * ?", zone: Europe/Berlin}
                entities:
                  customers:
                    key: id
                    fields: {display_name: text}
                  order_lines:
                    resource: lines
                    key: [order.id, line]
                    version: version
                    modifiedAt: {path: changed, format: epoch-seconds}
                    deletedWhen: {path: status, is: [trash, archived]}
                    access: read-only
                    conflicts: {policy: last-write-wins, merge: disjoint, authority: local}
                    brake: {rows: 10, percent: 5}
                    fields:
                      customer_id: {type: text, references: customers, required: true}
                      city_name: {type: text, from: address.0.city, missing: "null"}
                      placed_at: {type: timestamp, format: "dd.MM.uuuu HH:mm", zone: Europe/Berlin}
                      tags: {type: json, set: true}
                """);
        EntityConfig customers = sync.entity("customers");
        EntityConfig lines = sync.entity("order_lines");

        assertThat(sync.organisations()).containsExactly("default");
        assertThat(sync.schedules()).isEqualTo(new SyncConfig.Schedules("0 */5 * * * ?", null, ZoneId.of("Europe/Berlin")));
        assertThat(sync.entities()).extracting(EntityConfig::name).containsExactly("customers", "order_lines");
        assertThat(customers.resource()).isEqualTo("customers");
        assertThat(customers.rules()).isEqualTo(new Rules(Rules.Policy.REVIEW, false, "crm"));
        assertThat(customers.brake()).isEqualTo(EntityConfig.Brake.DEFAULT);
        assertThat(customers.readOnly()).isFalse();
        assertThat(field(customers, "display_name").from()).isEqualTo(Path.of("displayName"));
        assertThat(lines.resource()).isEqualTo("lines");
        assertThat(lines.mapping().key()).containsExactly(Path.of("order.id"), Path.of("line"));
        assertThat(lines.mapping().version()).isEqualTo(Path.of("version"));
        assertThat(lines.mapping().modifiedAt()).isEqualTo(Path.of("changed"));
        assertThat(lines.mapping().modifiedFormat().toString()).isEqualTo("epoch-seconds");
        assertThat(lines.mapping().deletion().values()).containsExactlyInAnyOrder("trash", "archived");
        assertThat(lines.readOnly()).isTrue();
        assertThat(lines.rules()).isEqualTo(new Rules(Rules.Policy.LAST_WRITE_WINS, true, "local"));
        assertThat(lines.brake()).isEqualTo(new EntityConfig.Brake(10, 5));
        assertThat(field(lines, "customer_id").references()).isEqualTo("customers");
        assertThat(field(lines, "customer_id").required()).isTrue();
        assertThat(field(lines, "city_name").from()).isEqualTo(Path.of("address.0.city"));
        assertThat(field(lines, "city_name").nullWhenMissing()).isTrue();
        assertThat(field(lines, "placed_at").time().read("31.01.2026 12:00")).isEqualTo(Instant.parse("2026-01-31T11:00:00Z"));
        assertThat(field(lines, "tags").type()).isEqualTo(FieldType.JSON);
        assertThat(field(lines, "tags").set()).isTrue();
    }

    @Test
    void nothingIsHandedOutWhileThereIsAMistake() {
        Written written = new Written(folder).file("systems/crm.yaml", HTTP).file("systems/other.yaml", HTTP.replace("crm", "shop"));

        assertThatThrownBy(written::read).isInstanceOfSatisfying(BrokenConfiguration.class, broken -> {
            assertThat(broken.mistakes()).extracting(Mistake::file)
                    .containsExactly("config/systems/crm.yaml", "config/systems/other.yaml", "config/systems/other.yaml");
            assertThat(broken).hasMessageContaining("config/systems/other.yaml:1 name: \"shop\" is not the name of this file.");
        });
    }

    @Test
    void aDirectoryThatIsNotThereIsAMistake() {
        assertThat(ConfigurationReader.withoutSettings().mistakes(folder.resolve("nowhere"))).extracting(Mistake::toString)
                .containsExactly(folder.resolve("nowhere") + ": is not a directory. Name the directory that holds systems/ and syncs/.");
    }

    private Http http(String source) {
        return (Http) new Written(folder).file("systems/crm.yaml", HTTP + source.indent(0)).read().systems().get("crm").source();
    }

    private Auth auth(String auth) {
        return http("  auth: " + auth + "\n  resources: {customers: {path: /customers}}\n").auth();
    }

    private SyncConfig sync(String sync) {
        return new Written(folder).file("systems/crm.yaml", HTTP + "  resources: {customers: {path: /customers}, lines: {path: /lines}}\n")
                .file("syncs/sales.yaml", "name: sales\ntitle: Sales\nsystem: crm\nside: crm\n" + sync).read().syncs().get("sales");
    }

    private static Field field(EntityConfig entity, String name) {
        return entity.shape().fields().get(entity.shape().position(name));
    }
}
