package io.syncline.source;

import io.syncline.TestPostgres;
import io.syncline.config.SourceConfig;
import io.syncline.config.SourceConfig.JdbcResource;
import io.syncline.config.SourceConfig.Since;
import io.syncline.config.SystemConfig;
import io.syncline.record.Field;
import io.syncline.record.FieldType;
import io.syncline.record.Observed;
import io.syncline.record.Page;
import io.syncline.record.Path;
import io.syncline.record.Shape;
import io.syncline.record.SideMapping;
import io.syncline.record.TimeFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class JdbcSourceTest {
    private final SourceFixture fixture = new SourceFixture();
    private final String url = TestPostgres.url();
    private final String address = url.replaceFirst("\\?.*", "");

    @BeforeEach
    void table() throws SQLException {
        sql("create table item (shop text, \"No\" bigint, name text, price numeric, seen timestamptz, local timestamp, bytes bytea, tags jsonb,"
                        + " primary key (shop, \"No\"))",
                "insert into item select case when i % 2 = 0 then 'a|b' else 'ü' end, i, 'n' || i, i + 0.10,"
                        + " timestamptz '2026-01-01 00:00:00+00' + i * interval '1 minute',"
                        + " timestamp '2026-01-01 00:00:00.123456', '\\xCAFE', '[1, 2]' from generate_series(1, 7) i");
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private void sql(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url); Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private static Field field(String name, FieldType type) {
        return new Field(name, type, Path.of(name), false, false, false, TimeFormat.ISO, null);
    }

    private Read read(String query, List<String> key, Instant since) {
        return read(address, query, key, since, true);
    }

    private static Read read(String url, String query, List<String> key, Instant since, boolean allowPrivateNetwork) {
        SideMapping mapping = new SideMapping(new Shape(List.of(field("name", FieldType.TEXT), field("price", FieldType.DECIMAL),
                field("seen", FieldType.TIMESTAMP), field("local", FieldType.TIMESTAMP), field("bytes", FieldType.TEXT),
                field("tags", FieldType.JSON))), key.stream().map(Path::of).toList(), null, null, TimeFormat.ISO, null);
        JdbcResource resource = new JdbcResource("items", query, key, 3, new Since("seen", false, TimeFormat.ISO, Duration.ofMinutes(1)));
        SourceConfig.Jdbc jdbc = new SourceConfig.Jdbc(url, "${USER}", "${PASSWORD}", allowPrivateNetwork, Map.of("items", resource));
        return new Read(SourceFixture.connection("default", "USER", "postgres", "PASSWORD", "postgres"), new SystemConfig("erp", "ERP", "", jdbc), resource,
                mapping, since);
    }

    private SourceFailure failure(Read read) {
        return catchThrowableOfType(SourceFailure.class, () -> fixture.pages(read));
    }

    @Test
    void rowsComeByKeysetExactlyAsTheyAre() {
        Read read = read("select * from item -- all of them\n;", List.of("shop", "No"), null);
        List<Page> pages = fixture.pages(read);
        assertThat(SourceFixture.keys(pages)).containsExactlyInAnyOrder("a\\|b|2", "a\\|b|4", "a\\|b|6", "ü|1", "ü|3", "ü|5", "ü|7");
        assertThat(pages).extracting(page -> page.records().size()).containsExactly(3, 3, 1);
        assertThat(pages.get(0).records().get(0).document().text())
                .isEqualTo("{\"bytes\":\"\\\\xcafe\",\"local\":\"2026-01-01T00:00:00.123456Z\",\"name\":\"n2\","
                + "\"price\":2.1,\"seen\":\"2026-01-01T00:02:00Z\",\"tags\":[1,2]}");
        assertThat(pages.get(0).askedAt()).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
        assertThat(pages.get(2).incomplete()).isNull();
        assertThat(fixture.pages(read, pages.get(0).resume())).flatExtracting(Page::records).hasSize(4);
        assertThat(fixture.sources.drifts(read)).isFalse();
    }

    @Test
    void changesSinceAMarkAreInclusiveWithTheOverlap() {
        List<Page> pages = fixture.pages(read("select * from item", List.of("shop", "No"), Instant.parse("2026-01-01T00:06:00Z")));
        assertThat(SourceFixture.keys(pages)).containsExactlyInAnyOrder("ü|5", "a\\|b|6", "ü|7");
    }

    @Test
    void aRowIsFoundByItsKeyOrProvablyGone() {
        Read read = read("select * from item", List.of("shop", "No"), null);
        assertThat(fixture.sources.byId(read, "a\\|b|4")).map(Observed::key).contains("a\\|b|4");
        assertThat(fixture.sources.byId(read, "a\\|b|5")).isEmpty();
        assertThat(fixture.sources.byId(read, "x' or true --|5")).isEmpty();
        assertThat(catchThrowableOfType(SourceFailure.class, () -> fixture.sources.byId(read, "ü|x"))).hasMessageContaining("refuses the query (22P02)");
    }

    @Test
    void whatIsNoKeyFails() throws SQLException {
        assertThat(failure(read("select * from item", List.of("shop"), null))).hasMessageContaining("several rows have the same shop");
        assertThat(failure(read("select null::text as shop, item.\"No\" from item", List.of("shop"), null)))
                .hasMessageContaining("rows without a value in shop");
    }

    @Test
    void nothingCanBeWritten() throws SQLException {
        sql("create function spoil() returns bigint language sql as $$ delete from item; select 1::bigint $$");
        for (String query : List.of("select spoil() as \"No\"", "delete from item returning \"No\"",
                "select 1 as \"No\") q; delete from item; select * from (select 1")) {
            assertThat(failure(read(query, List.of("No"), null)).kind()).isEqualTo(SourceFailure.Kind.REFUSED);
        }
        assertThat(fixture.pages(read("select * from item", List.of("shop", "No"), null))).flatExtracting(Page::records).hasSize(7);
    }

    @Test
    void aHostileColumnNameIsAName() {
        assertThat(failure(read("select * from item", List.of("No\") > (0) or (1"), null))).hasMessageContaining("(42703)");
    }

    @Test
    void theSocketChecksTheAddressItConnectsTo() {
        assertThat(catchThrowableOfType(ForbiddenAddress.class, () -> new GuardedSockets("PUBLIC").createSocket("127.0.0.1", 1))).isNotNull();
        assertThat(catchThrowableOfType(ForbiddenAddress.class, () -> new GuardedSockets("PRIVATE_TOO").createSocket("169.254.169.254", 80))).isNotNull();
    }

    @Test
    void theDatabaseMustStandWhereItMayStand() {
        assertThat(failure(read(address, "select 1 as a", List.of("a"), null, false)).kind()).isEqualTo(SourceFailure.Kind.FORBIDDEN_ADDRESS);
        for (String odd : List.of("jdbc:h2:mem:x", "jdbc:postgresql:///x", address + "?socketFactory=java.lang.Object", address + "?loggerFile=/tmp/x",
                "jdbc:postgresql://localhost,127.0.0.1/x", "http://x")) {
            assertThat(failure(read(odd, "select 1 as a", List.of("a"), null, true)).kind()).as(odd).isEqualTo(SourceFailure.Kind.REFUSED);
        }
    }
}
