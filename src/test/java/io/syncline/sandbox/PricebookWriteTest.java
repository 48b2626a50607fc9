package io.syncline.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

class PricebookWriteTest {
    private static final String MATERIAL = "/materials/8001";
    private static ServiceTitanSandbox sandbox;
    private static Client client;

    @BeforeAll
    static void start() {
        sandbox = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT.size(400));
        client = new Client(sandbox);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @AfterEach
    void reset() {
        sandbox.reset();
    }

    @Test
    void whatIsMadeHasANewIdAndEverythingThatWasNotSaid() throws Exception {
        long category = any("Materials");
        JsonNode made = json(201, client.write("POST", "/materials",
                "{\"code\":\" NEW-1 \",\"description\":\"Pump\",\"price\":12.345,\"categories\":[" + category + "]}"));
        assertThat(made.path("code").asText()).isEqualTo("NEW-1");
        assertThat(made.path("price").decimalValue()).isEqualByComparingTo("12.35");
        assertThat(made.path("active").asBoolean()).isTrue();
        assertThat(made.path("displayName").isNull()).isTrue();
        long id = made.path("id").asLong();
        assertThat(client.json("/materials/" + id)).isEqualTo(made);
        assertThat(sandbox.effects()).singleElement().satisfies(effect -> {
            assertThat(effect.kind()).isEqualTo(Mutation.Kind.CREATED);
            assertThat(effect.id()).isEqualTo(id);
            assertThat(effect.call()).isEqualTo(sandbox.journal().stream().filter(Call::effect).findFirst().orElseThrow().number());
        });
    }

    @Test
    void aChangeGivesMembersAndLeavesAllOthersAsTheyAre() throws Exception {
        JsonNode before = client.json(MATERIAL);
        Instant asked = sandbox.clock().now();
        JsonNode after = json(200, client.write("PATCH", MATERIAL, "{\"displayName\":\"  Pump  \",\"price\":99.999}"));
        assertThat(after.path("displayName").asText()).isEqualTo("Pump");
        assertThat(after.path("price").decimalValue()).isEqualByComparingTo("100.00");
        assertThat(Instant.parse(after.path("modifiedOn").asText())).isAfterOrEqualTo(asked);
        before.fieldNames().forEachRemaining(name -> {
            if (!List.of("displayName", "price", "modifiedOn").contains(name)) {
                assertThat(after.path(name)).as(name).isEqualTo(before.path(name));
            }
        });
        assertThat(sandbox.effects()).singleElement().satisfies(effect -> assertThat(effect.changes()).containsOnlyKeys("displayName", "price"));
        assertThat(client.ids("/materials?active=Any&modifiedOnOrAfter=" + asked)).as("our own write comes back with the next poll").containsExactly(8001L);
    }

    @Test
    void theSameChangeAgainMovesTheChangeTimeAndIsSeenInTheEffects() throws Exception {
        client.write("PATCH", MATERIAL, "{\"price\":5}");
        sandbox.clock().advance(Duration.ofSeconds(1));
        String first = client.json(MATERIAL).path("modifiedOn").asText();
        JsonNode second = json(200, client.write("PATCH", MATERIAL, "{\"price\":5.00}"));
        assertThat(second.path("modifiedOn").asText()).isGreaterThan(first);
        assertThat(sandbox.effects()).extracting(Effect::kind).containsExactly(Mutation.Kind.UPDATED, Mutation.Kind.TOUCHED);
    }

    @Test
    void whatIsDeletedIsInactiveAndCanComeBack() throws Exception {
        assertThat(client.write("DELETE", MATERIAL, "").statusCode()).isEqualTo(204);
        assertThat(client.json(MATERIAL).path("active").asBoolean()).isFalse();
        assertThat(client.write("DELETE", MATERIAL, "").statusCode()).isEqualTo(204);
        json(200, client.write("PATCH", MATERIAL, "{\"active\":true}"));
        assertThat(sandbox.effects()).extracting(Effect::kind).containsExactly(Mutation.Kind.DEACTIVATED, Mutation.Kind.REACTIVATED);
        assertThat(client.write("DELETE", "/materials/7", "").statusCode()).isEqualTo(404);
        assertThat(client.write("PATCH", "/materials/7", "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void whatIsWrittenToAServiceIsShownInTheFormOfAnAnswer() throws Exception {
        long category = any("Services");
        JsonNode after = json(200, client.write("PATCH", "/services/1000001", """
                {"categories":[%d],"commissionBonus":5,"warranty":{"duration":12},"assets":[{"type":"Image","url":"https://assets.example/a/b.jpg"}],
                 "serviceMaterials":[{"skuId":8001,"quantity":1.005}]}""".formatted(category)));
        assertThat(after.path("categories").path(0).path("id").asLong()).isEqualTo(category);
        assertThat(after.path("categories").path(0).path("name").asText()).isNotEmpty();
        assertThat(after.has("commissionBonus")).isFalse();
        assertThat(after.path("warranty").has("description")).isTrue();
        assertThat(after.path("assets").path(0).path("fileName").asText()).isEqualTo("b.jpg");
        assertThat(after.path("serviceMaterials").path(0).path("quantity").decimalValue()).isEqualByComparingTo("1.01");
    }

    @Test
    void aVendorWhoStoodThereKeepsItsRow() throws Exception {
        client.write("PATCH", MATERIAL, "{\"primaryVendor\":{\"vendorId\":501,\"cost\":3,\"active\":true}}");
        long row = client.json(MATERIAL).path("primaryVendor").path("id").asLong();
        JsonNode vendor = json(200, client.write("PATCH", MATERIAL, "{\"primaryVendor\":{\"vendorId\":501,\"cost\":4,\"active\":true}}")).path("primaryVendor");
        assertThat(vendor.path("id").asLong()).isEqualTo(row);
        assertThat(vendor.path("vendorName").asText()).isEqualTo("POOL360");
        assertThat(vendor.path("cost").decimalValue()).isEqualByComparingTo("4");
    }

    @Test
    void whatIsNotOfTheDocumentedFormIsRefused() throws Exception {
        assertRefused("POST", "/materials", "{\"code\":\"X\"}", "description", "The description field is required.");
        assertRefused("PATCH", MATERIAL, "{\"price\":\"12\"}", "price", "The value \"12\" of price is not valid: decimal is expected.");
        assertRefused("PATCH", MATERIAL, "{\"displayName\":null}", "displayName", "The displayName field must not be null.");
        assertRefused("PATCH", MATERIAL, "{\"modifiedOn\":\"2020-01-01T00:00:00Z\"}", "modifiedOn", "Could not find member 'modifiedOn' on this object.");
        assertRefused("PATCH", MATERIAL, "{\"primaryVendor\":{\"id\":1,\"vendorId\":500,\"cost\":1,\"active\":true}}", "primaryVendor.id",
                "Could not find member 'primaryVendor.id' on this object.");
        assertRefused("PATCH", MATERIAL, "{\"categories\":[1.5]}", "categories[0]", "The value 1.5 of categories[0] is not valid: int64 is expected.");
        assertRefused("PATCH", MATERIAL, "[]", "$", "The body is not a JSON object.");
        assertRefused("POST", "/categories", "{\"name\":\"X\",\"categoryType\":\"Pools\"}", "categoryType",
                "The value \"Pools\" of categoryType is not valid: Services|Materials is expected.");
        sandbox.habits(Habits.USUAL.refusesUnknownMembers(false));
        json(200, client.write("PATCH", MATERIAL, "{\"modifiedOn\":\"2020-01-01T00:00:00Z\"}"));
        assertThat(client.json(MATERIAL).path("modifiedOn").asText()).doesNotStartWith("2020");
    }

    @Test
    void whatCannotBeIsRefusedInWords() throws Exception {
        String taken = client.json("/equipment/2000001").path("code").asText();
        String title = "Code '" + taken + "' is already used by another item of the pricebook.";
        assertRefused("PATCH", MATERIAL, "{\"code\":\"" + taken + "\"}", "code", title);
        assertThat(refused("PATCH", MATERIAL, "{\"code\":\"" + taken + "\"}").path("title").asText()).isEqualTo(title);
        assertRefused("PATCH", MATERIAL, "{\"code\":\"  \"}", "code", "The code field is required.");
        assertRefused("PATCH", MATERIAL, "{\"price\":-0.01}", "price", "The price field must not be negative.");
        assertRefused("PATCH", MATERIAL, "{\"categories\":[99999]}", "categories", "Category 99999 was not found.");
        long other = any("Services");
        assertRefused("PATCH", MATERIAL, "{\"categories\":[" + other + "]}", "categories", "Category " + other + " is not a category of materials.");
        assertRefused("PATCH", "/services/1000001", "{\"serviceMaterials\":[{\"skuId\":7,\"quantity\":1}]}", "serviceMaterials", "Item 7 was not found.");
        assertRefused("PATCH", MATERIAL, "{\"primaryVendor\":{\"vendorId\":1,\"cost\":1,\"active\":true}}", "primaryVendor", "Vendor 1 was not found.");
        assertThat(sandbox.effects()).isEmpty();
    }

    @Test
    void aCategoryIsNeverBelowItself() throws Exception {
        long root = json(201, client.write("POST", "/categories", "{\"name\":\"A\",\"categoryType\":\"Services\"}")).path("id").asLong();
        long below = json(201, client.write("POST", "/categories",
                "{\"name\":\"B\",\"categoryType\":\"Services\",\"parentId\":" + root + "}")).path("id").asLong();
        assertRefused("PATCH", "/categories/" + root, "{\"parentId\":" + below + "}", "parentId", "Category " + root + " cannot be placed below itself.");
        assertThat(json(200, client.write("PATCH", "/categories/" + below, "{\"parentId\":null}")).path("parentId").isNull()).isTrue();
        assertThat(client.json("/categories/" + root).path("subcategories")).isEmpty();
    }

    @Test
    void aKeyIsHonouredForADayWhereItIsSwitchedOn() throws Exception {
        String body = "{\"code\":\"K-1\",\"description\":\"K\"}";
        sandbox.habits(Habits.USUAL.idempotencyHeader("Idempotency-Key"));
        HttpResponse<String> first = client.write("POST", "/materials", body, "Idempotency-Key", "k1");
        assertThat(client.write("POST", "/materials", body, "Idempotency-Key", "k1").body()).isEqualTo(first.body());
        assertThat(sandbox.effects()).singleElement().satisfies(effect -> assertThat(effect.key()).isEqualTo("k1"));
        assertThat(client.write("POST", "/materials", "{}", "Idempotency-Key", "k1").statusCode()).isEqualTo(422);
        sandbox.clock().advance(Duration.ofHours(24));
        assertThat(client.write("POST", "/materials", body, "Idempotency-Key", "k1").statusCode()).as("the code is taken by then").isEqualTo(400);
    }

    @Test
    void aRefusalIsNotRememberedUnderItsKey() throws Exception {
        sandbox.habits(Habits.USUAL.idempotencyHeader("Idempotency-Key"));
        assertThat(client.write("PATCH", MATERIAL, "{\"price\":-1}", "Idempotency-Key", "k2").statusCode()).isEqualTo(400);
        assertThat(client.write("PATCH", MATERIAL, "{\"price\":1}", "Idempotency-Key", "k2").statusCode()).isEqualTo(200);
    }

    @Test
    void aKeyMeansNothingWhereItIsNotSwitchedOn() throws Exception {
        client.write("PATCH", MATERIAL, "{\"price\":1}", "Idempotency-Key", "k3");
        client.write("PATCH", MATERIAL, "{\"price\":1}", "Idempotency-Key", "k3");
        assertThat(sandbox.effects()).extracting(Effect::key).containsExactly("k3", "k3");
    }

    @Test
    void versionsAreMindedWhereTheyAreSwitchedOn() throws Exception {
        assertThat(client.get(MATERIAL).headers().firstValue("ETag")).isEmpty();
        assertThat(client.write("PATCH", MATERIAL, "{\"price\":1}", "If-Match", "\"nonsense\"").statusCode()).isEqualTo(200);
        sandbox.habits(Habits.USUAL.versions(Habits.Versions.OPTIONAL));
        String seen = client.get(MATERIAL).headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> changed = client.write("PATCH", MATERIAL, "{\"price\":2}", "If-Match", seen);
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.headers().firstValue("ETag")).isPresent().get().isNotEqualTo(seen);
        assertThat(client.write("PATCH", MATERIAL, "{\"price\":3}", "If-Match", seen).statusCode()).isEqualTo(412);
        assertThat(client.write("DELETE", MATERIAL, "", "If-Match", seen).statusCode()).isEqualTo(412);
        assertThat(client.write("PATCH", MATERIAL, "{\"price\":4}").statusCode()).isEqualTo(200);
        sandbox.habits(Habits.USUAL.versions(Habits.Versions.REQUIRED));
        assertThat(client.write("PATCH", MATERIAL, "{\"price\":5}").statusCode()).isEqualTo(428);
    }

    @Test
    void anAnswerMayBeLostBeforeOrAfterTheEffect() throws Exception {
        client.json(MATERIAL);
        sandbox.fault("/materials/8001 method=PATCH call=1 -> reset\n/materials/8001 method=PATCH call=2 -> lost-answer\n"
                + "/materials/8001 method=PATCH call=3 -> status-after 502\n/materials/8001 method=PATCH call=4 -> late-answer 30");
        String before = client.json(MATERIAL).toString();
        assertThatThrownBy(() -> client.write("PATCH", MATERIAL, "{\"price\":1}")).isInstanceOf(IOException.class);
        assertThat(client.json(MATERIAL).toString()).as("lost before the effect").isEqualTo(before);
        assertThatThrownBy(() -> client.write("PATCH", MATERIAL, "{\"price\":2}")).isInstanceOf(IOException.class);
        assertThat(client.json(MATERIAL).path("price").asInt()).as("lost after the effect").isEqualTo(2);
        assertThat(client.write("PATCH", MATERIAL, "{\"price\":3}").statusCode()).isEqualTo(502);
        assertThat(json(200, client.write("PATCH", MATERIAL, "{\"price\":4}")).path("price").asInt()).isEqualTo(4);
        assertThat(sandbox.effects()).extracting(effect -> effect.changes().get("price").after().asInt()).containsExactly(2, 3, 4);
        assertThat(sandbox.journal().stream().filter(call -> call.method().equals("PATCH")))
                .extracting(Call::status, Call::effect, Call::body).containsExactly(
                        tuple(0, false, "{\"price\":1}"), tuple(0, true, "{\"price\":2}"),
                        tuple(502, true, "{\"price\":3}"), tuple(200, true, "{\"price\":4}"));
    }

    @Test
    void everySoManyAnswersAreLost() throws Exception {
        sandbox.fault("* method=PATCH every=3 -> status 500");
        StringBuilder statuses = new StringBuilder();
        for (int at = 0; at < 7; at++) {
            statuses.append(client.write("PATCH", MATERIAL, "{\"price\":1}").statusCode()).append(' ');
        }
        assertThat(statuses.toString()).isEqualTo("200 200 500 200 200 500 200 ");
    }

    @Test
    void manyItemsAreMadeAtOnceAndReferToEachOther() throws Exception {
        JsonNode ids = json(201, client.write("POST", "/pricebook", """
                {"services":[{"customId":"s","code":"B-S","description":"S","serviceMaterials":[{"customId":"m1","quantity":2}]}],
                 "materials":[{"customId":"m1","code":"B-1","description":"1"},{"customId":"m2","code":"B-2","description":"2"}]}"""));
        assertThat(ids.path("materials")).hasSize(2);
        JsonNode service = client.json("/services/" + ids.path("services").path(0).path("id").asText());
        assertThat(service.path("serviceMaterials").path(0).path("skuId").asLong()).isEqualTo(ids.path("materials").path(0).path("id").asLong());
        assertThat(sandbox.effects()).hasSize(3);
    }

    @Test
    void ofManyItemsNoneIsMadeWhereOneIsWrong() throws Exception {
        JsonNode wrong = refused("POST", "/pricebook", """
                {"materials":[{"code":"B-1","description":"1"},{"code":"b-1","description":"2"}],"discountAndFees":[]}""");
        assertThat(wrong.path("errors").has("discountAndFees")).isTrue();
        assertRefused("POST", "/pricebook", "{\"materials\":[{\"code\":\"B-1\",\"description\":\"1\"},{\"code\":\"b-1\",\"description\":\"2\"}]}",
                "materials[1].code", "Code 'b-1' is given twice.");
        assertThat(sandbox.effects()).isEmpty();
    }

    @Test
    void manyItemsAreChangedAtOnceOnlyByAllTheirMembers() throws Exception {
        JsonNode wrong = refused("PATCH", "/pricebook", "{\"materials\":[{\"id\":8001,\"price\":3}]}");
        assertThat(wrong.path("errors").path("materials[0].cost").path(0).asText()).isEqualTo("The materials[0].cost field is required.");
        String body = """
                {"materials":[{"id":8001,"code":"M","displayName":"","description":"d","cost":1,"active":true,"price":2,"memberPrice":2,"addOnPrice":2,
                "addOnMemberPrice":2,"hours":1,"commissionBonus":0,"paysCommission":false,"deductAsJobCost":false,"unitOfMeasure":"Each","isInventory":true,
                "account":"","costOfSaleAccount":"","assetAccount":"","taxable":true,"primaryVendor":{"vendorId":500,"cost":1,"active":true},"otherVendors":[],
                "assets":[],"categories":[]}]}""";
        HttpResponse<String> answer = client.write("PATCH", "/pricebook", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(client.json(MATERIAL).path("price").asInt()).isEqualTo(2);
        assertThat(client.json(MATERIAL).path("displayName").isNull()).isTrue();
    }

    @Test
    void effectsAndHabitsAreStringsToo() throws Exception {
        assertThat(client.control("GET", "/habits", "").body())
                .isEqualTo("{\"idempotencyHeader\":null,\"versions\":\"none\",\"refusesUnknownMembers\":true,\"normalises\":true}");
        client.control("PUT", "/habits", "{\"idempotencyHeader\":\"X-Key\",\"normalises\":false}");
        json(200, client.write("PATCH", MATERIAL, "{\"displayName\":\" kept \"}", "X-Key", "k4"));
        JsonNode effects = Client.JSON.readTree(client.control("GET", "/effects", "").body());
        assertThat(effects.path(0).path("changes").path("displayName").path("after").asText()).isEqualTo(" kept ");
        assertThat(effects.path(0).path("key").asText()).isEqualTo("k4");
        assertThat(client.control("PUT", "/habits", "{\"versions\":\"some\"}").statusCode()).isEqualTo(400);
        assertThat(client.control("PUT", "/habits", "{\"mood\":1}").body()).startsWith("There is no habit mood.");
        sandbox.reset();
        assertThat(sandbox.habits()).isEqualTo(Habits.USUAL);
    }

    private static void assertRefused(String method, String path, String body, String member, String words) throws Exception {
        assertThat(refused(method, path, body).path("errors").path(member).path(0).asText()).isEqualTo(words);
    }

    private static JsonNode refused(String method, String path, String body) throws Exception {
        return json(400, client.write(method, path, body));
    }

    private static JsonNode json(int status, HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return Client.JSON.readTree(answer.body());
    }

    private static long any(String type) throws Exception {
        return client.ids("/categories?categoryType=" + type).get(0);
    }
}
