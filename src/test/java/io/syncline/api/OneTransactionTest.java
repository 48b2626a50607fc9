package io.syncline.api;

import io.syncline.access.Caller;
import io.syncline.access.NewKey;
import io.syncline.access.Role;
import io.syncline.run.LiveRuns;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** An operation that is not about a run is one transaction together with its answer: whatever ends it, both are there or neither. */
class OneTransactionTest {
    private static final String CONTRACT = """
            servers: [{url: /api}]
            paths:
              /v1/notes:
                post: {operationId: note, x-role: operator, responses: {"201": {}}}
            """;

    private static Doors doors;
    private static Idempotency once;
    private static Claims claims;
    private String key;

    @BeforeAll
    static void open() {
        doors = Doors.open();
        doors.sql.sql("create table note (text text)").update();
        claims = new Claims(doors.application.getBean(DataSource.class));
        once = new Idempotency(Contract.read(new ByteArrayInputStream(CONTRACT.getBytes(StandardCharsets.UTF_8))),
                new IdempotencyEntries(doors.sql, Duration.ofHours(1)), claims, doors.application.getBean(LiveRuns.class),
                new TransactionTemplate(doors.application.getBean(PlatformTransactionManager.class)), Duration.ofHours(1));
    }

    @AfterAll
    static void close() {
        once.destroy();
        claims.destroy();
        doors.close();
    }

    @BeforeEach
    void another() {
        key = UUID.randomUUID().toString();
        doors.sql.sql("delete from note").update();
    }

    private Answer asked(Supplier<Answer> door) {
        Caller ann = new Caller("ann", "acme", Role.OPERATOR);
        return once.answer(new Call("r", ann, "note", Map.of(), Map.of("Idempotency-Key", key), new byte[0], false, () -> true), door);
    }

    private static Answer noted(int status) {
        doors.sql.sql("insert into note values ('it')").update();
        return Answer.of(status, Map.of(), Map.of("noted", true));
    }

    private static long notes() {
        return doors.sql.sql("select count(*) from note").query(Long.class).single();
    }

    private long kept() {
        return doors.sql.sql("select count(*) from syncline.idempotency where key = ?").param(key).query(Long.class).single();
    }

    @Test
    void theEffectAndItsAnswerBecomeTrueTogether() {
        Answer first = asked(() -> {
            Answer answer = noted(201);
            assertThat(outside("select count(*) from note")).as("nobody sees it yet").isZero();
            return answer;
        });
        assertThat(first.status()).isEqualTo(201);
        assertThat(asked(() -> noted(201)).headers()).containsEntry("Idempotent-Replayed", "true");
        assertThat(notes()).isOne();
    }

    private static long outside(String query) {
        try (Connection connection = doors.application.getBean(DataSource.class).getConnection();
             ResultSet answer = connection.createStatement().executeQuery(query)) {
            answer.next();
            return answer.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatIsRefusedOrFailsLeavesNothingBehind() {
        assertThat(asked(() -> noted(412)).status()).isEqualTo(412);
        assertThat(notes()).as("a refusal has changed nothing").isZero();
        assertThat(asked(() -> noted(201)).status()).as("and is kept").isEqualTo(412);
        another();
        assertThat(asked(() -> noted(503)).status()).isEqualTo(503);
        assertThat(notes() + kept()).isZero();
        assertThatThrownBy(() -> asked(() -> {
            noted(201);
            throw new IllegalStateException("it broke");
        })).hasMessage("it broke");
        assertThat(notes() + kept()).isZero();
        assertThat(asked(() -> noted(201)).status()).isEqualTo(201);
    }

    @Test
    void anEntryOfADeadProcessIsDecidedAgain() {
        doors.sql.sql("insert into syncline.idempotency (organisation, caller, operation, key, request) values ('acme', 'ann', 'note', ?, ?)")
                .params(key, RequestDigest.of(new Call("r", null, "note", Map.of(), Map.of(), new byte[0], false, () -> true))).update();
        assertThat(asked(() -> noted(201)).status()).isEqualTo(201);
        assertThat(notes()).isOne();
    }

    @Test
    void anotherProcessKnowsWhatIsUnderWay() {
        Claims others = new Claims(doors.application.getBean(DataSource.class));
        try {
            Answer answer = asked(() -> {
                long entry = doors.sql.sql("select id from syncline.idempotency where key = ?").param(key).query(Long.class).single();
                assertThat(others.take(entry)).isFalse();
                assertThatThrownBy(() -> asked(() -> noted(201))).isInstanceOfSatisfying(Refused.class,
                        refused -> assertThat(refused.problem().status()).isEqualTo(HttpStatus.CONFLICT));
                return noted(201);
            });
            assertThat(answer.status()).isEqualTo(201);
            long entry = doors.sql.sql("select id from syncline.idempotency where key = ?").param(key).query(Long.class).single();
            assertThat(others.take(entry)).as("it is free again").isTrue();
        } finally {
            others.destroy();
        }
    }

    @Test
    void claimsOutliveTheirConnection() {
        Claims mine = new Claims(doors.application.getBean(DataSource.class));
        Claims others = new Claims(doors.application.getBean(DataSource.class));
        try {
            assertThat(mine.take(-1)).isTrue();
            assertThat(doors.sql.sql("select pg_terminate_backend(pid, 60000) from syncline.claim where entry = -1")
                    .query(Boolean.class).single()).as("it has gone").isTrue();
            assertThat(mine.take(-2)).isTrue();
            assertThat(others.take(-1)).as("taken again with the new connection").isFalse();
            mine.release(-1);
            assertThat(others.take(-1)).isTrue();
        } finally {
            mine.destroy();
            others.destroy();
        }
    }

    /** Promise 28. */
    @Test
    void aSecretIsShownOnceAndKeptNowhere() {
        String secret = NewKey.make();
        assertThat(asked(() -> Answer.of(201, Map.of(), Map.of("key", secret))).status()).isEqualTo(201);
        assertThat(doors.sql.sql("select i::text from syncline.idempotency i where key = ?").param(key).query(String.class).single())
                .doesNotContain(secret).doesNotContain(HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(() -> asked(() -> noted(201))).isInstanceOfSatisfying(Refused.class,
                refused -> assertThat(refused.problem().code()).isEqualTo("answer-shown-once"));
        assertThat(notes()).isZero();
        another();
        asked(() -> new Answer(201, Answer.JSON_TYPE, Map.of("Set-Cookie", "session=secret"), new Answer.Bytes("{}".getBytes(StandardCharsets.UTF_8))));
        assertThat(doors.sql.sql("select i::text from syncline.idempotency i where key = ?").param(key).query(String.class).single()).doesNotContain("secret");
    }
}
