package io.syncline.check;

import io.syncline.config.Written;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** Everything that can be said in a case, in both kinds of files. */
class CasesTest {
    private static final String SYSTEM = """
            name: crm
            title: CRM
            source:
              kind: http
              baseUrl: ${CRM_URL}
              resources:
                customers: {path: /customers}
                orders:
                  method: POST
                  path: /orders/search
                  body: {types: [ORDER]}
                  records: orders
                  paging: {kind: cursor, parameter: cursor, in: body, next: cursor, stable: true}
                  since: {parameter: filter.since, in: body, format: epoch-millis}
                items:
                  path: /items
                  paging: {kind: offset, parameter: skip, sizeParameter: top, size: 50, totalHeader: X-Total, end: total}
            """;
    private static final String SYNC = """
            name: sales
            title: Sales
            system: crm
            side: crm
            entities:
              orders:
                key: [shop, number]
                version: version
                modifiedAt: {path: changed, format: epoch-millis}
                deletedWhen: {path: closed, is: true}
                conflicts: {policy: last-write-wins, merge: disjoint}
                fields:
                  total: {type: decimal, required: true}
                  note: text
                  closed: boolean
                  placed_on: date
                  city: {type: text, from: delivery.address.city}
                  first_tag: {type: text, from: tags.0}
                  tags: json
            """;

    @TempDir
    private Path folder;

    @Test
    void aCaseOfASyncSaysAllThereIsToSay() {
        assertThat(check("syncs/sales.cases.yaml", """
                - name: the later edit wins, here ours
                  stored:   {total: 1, local: {total: 2}}
                  editedAt: 2026-01-01T12:00:00Z
                  incoming: {total: 3, changed: 1767261600000}
                  expect:   {change: unchanged, row: {total: 2}, reason: ours is kept}
                - name: the later edit wins, here theirs
                  stored:   {total: 1, local: {total: 2}}
                  editedAt: 2026-01-01T09:00:00Z
                  incoming: {total: 3, changed: 1767261600000}
                  expect:   {change: update, row: {total: 3}}
                - name: different fields are taken together
                  stored:   {total: 1, note: as agreed, local: {note: ours}}
                  incoming: {total: 3, note: as agreed}
                  expect:   {change: update, row: {total: 3, note: ours}}
                - name: a lower version is stale
                  stored:   {version: 7, total: 1}
                  incoming: {version: 6, total: 2}
                  expect:   {change: stale}
                - name: deleted by its marker
                  stored:   {shop: a, number: 1}
                  incoming: {shop: a, number: 1, closed: true}
                  expect:   {change: delete}
                - name: changed there, deleted here
                  stored:   {total: 1}
                  row:      deleted-here
                  editedAt: 2026-01-03T00:00:00Z
                  incoming: {total: 2, changed: 1767261600000}
                  expect:   {change: unchanged}
                - name: deleted by both
                  stored:   {total: 1}
                  row:      deleted-here
                  absent:   true
                  expect:   {change: converged}
                - name: an open conflict is told the news
                  stored:   {total: 1, local: {total: 2}}
                  row:      [open-conflict]
                  incoming: {total: 3}
                  expect:   {change: conflict}
                - name: a late showing does not replace what the open conflict shows of the same moment
                  stored:   {total: 1, local: {total: 2}}
                  row:      [open-conflict, shown-meanwhile]
                  shown:    {total: 3, changed: 1767261600000}
                  incoming: {total: 4, changed: 1767261600000}
                  expect:   {change: stale, reason: may have been read before}
                - name: what we wrote comes back
                  stored:   {total: 1}
                  row:      echo
                  incoming: {total: 2}
                  expect:   {change: echo}
                - name: null and missing are two things
                  stored:   {note: null}
                  incoming: {note: (missing)}
                  expect:   {change: update, fields: [note], row: {note: null}}
                - name: a field deep inside
                  stored:   {delivery: {address: {city: Bonn}}}
                  incoming: {delivery: {address: {city: Köln}}}
                  expect:   {change: update, fields: [city]}
                - name: a mentioned list stays as it is
                  incoming: {tags: []}
                  expect:   {change: create, row: {tags: [], first_tag: null}}
                - name: without the container of a field
                  incoming: {delivery: (missing)}
                  expect:   {change: create, row: {city: null}}
                - name: every digit counts
                  stored:   {total: 0.10000000000000001}
                  incoming: {total: 0.1}
                  expect:   {change: update, row: {total: 0.10}}
                - name: without a key
                  incoming: {shop: (missing)}
                  expect:   {change: rejected, reason: "key: shop is missing"}
                - name: edited here to nothing
                  stored:   {note: as agreed, local: {note: null, placed_on: 2026-02-01}}
                  incoming: {note: as agreed}
                  expect:   {change: unchanged, row: {note: null, placed_on: 2026-02-01}}
                """)).isEqualTo("1 system, 1 sync, 17 cases: all is well.\n");
    }

    @Test
    void aCaseOfASystemSaysAllThereIsToSay() {
        assertThat(check("systems/crm.cases.yaml", """
                - name: a read by POST
                  resource: orders
                  read: {since: 2026-01-01T00:00:00Z, cursor: abc}
                  request: POST /orders/search
                  body: {types: [ORDER], cursor: abc, filter: {since: 1767225600000}}
                - name: more is to come
                  resource: orders
                  answer:
                    body: {orders: [{shop: a, number: 1}, {shop: a, number: 2}], cursor: def}
                  expect: {records: 2, last: false}
                - name: the end
                  resource: orders
                  read: {cursor: def}
                  answer:
                    body: {orders: [], cursor: null}
                  expect: {records: 0, last: true}
                - name: the same cursor again is a loop
                  resource: orders
                  read: {cursor: abc}
                  answer:
                    body: {orders: [{shop: a, number: 1}], cursor: abc}
                  expect: {failure: nonsense}
                - name: the third page of fifty, and a total in a header
                  resource: items
                  read: {page: 3}
                  request: GET /items?top=50&skip=100
                  answer:
                    headers: {X-Total: "101"}
                    body: [{id: 1}]
                  expect: {records: 1, last: true}
                - name: a body that was cut
                  resource: customers
                  answer: {body: '[{"id": 1}, {"id"'}
                  expect: {failure: nonsense}
                - name: the system is down
                  resource: customers
                  answer: {status: 503}
                  expect: {failure: unreachable}
                """)).isEqualTo("1 system, 1 sync, 7 cases: all is well.\n");
    }

    @Test
    void aCaseOfASystemThatFailsSaysWhatIsDifferent() {
        assertThat(check("systems/crm.cases.yaml", """
                - name: another request
                  resource: items
                  request: GET /items
                - name: another body
                  resource: orders
                  request: POST /orders/search
                  body: {types: [ITEM]}
                - name: another number
                  resource: customers
                  answer: {body: [{id: 1}]}
                  expect: {records: 2}
                - name: another end
                  resource: customers
                  answer: {body: [{id: 1}]}
                  expect: {last: false}
                - name: no failure
                  resource: customers
                  answer: {body: [{id: 1}]}
                  expect: {failure: nonsense}
                """)).isEqualTo("""
                config/systems/crm.cases.yaml:1 "another request": expected the request GET /items, but it is GET /items?top=50&skip=0.
                config/systems/crm.cases.yaml:4 "another body": expected the body {"types":["ITEM"]}, but it is {"types":["ORDER"]}.
                config/systems/crm.cases.yaml:8 "another number": expected 2 records, but there are 1.
                config/systems/crm.cases.yaml:12 "another end": expected more pages, but it is the last.
                config/systems/crm.cases.yaml:16 "no failure": expected the failure nonsense, but the answer is understood; its records: 1.
                1 system, 1 sync, 5 cases: 5 failed.
                """);
    }

    private String check(String file, String cases) {
        Path directory = new Written(folder).file("systems/crm.yaml", SYSTEM).file("syncs/sales.yaml", SYNC).file(file, cases).directory();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        new Check(directory).run(new PrintStream(said, true, StandardCharsets.UTF_8));
        return said.toString(StandardCharsets.UTF_8);
    }
}
