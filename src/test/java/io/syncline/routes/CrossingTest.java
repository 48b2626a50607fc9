package io.syncline.routes;

import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.spi.Resource;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class CrossingTest {
    @SpringBootConfiguration(proxyBeanMethods = false)
    @ImportAutoConfiguration({CamelAutoConfiguration.class, RouteCoverage.class})
    static class JustCamel {
    }

    private static final Path FLOW = Path.of("src/test/resources/routes/good/flow.yaml");

    @Test
    void aStepThatNoMessageCrossedIsNamedWithItsFileAndLine() throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            context.setSourceLocationEnabled(true);
            context.getCamelContextExtension().addInterceptStrategy(RouteCoverage.interceptor());
            Resource flow = ResourceHelper.resolveMandatoryResource(context, "file:" + FLOW);
            PluginHelper.getRoutesLoader(context).loadRoutes(flow);
            context.start();
            assertThat(RouteCoverage.Seen.here().wasStarted(FLOW)).isTrue();
            assertThat(RouteCoverage.Seen.here().neverCrossed(FLOW)).extracting(RouteCoverage.Step::id)
                    .contains("ask-known", "by-known", "hand-on", "note", "say-known");
            ProducerTemplate messages = context.createProducerTemplate();
            messages.sendBody("direct:sample-run", "no");
            assertThat(RouteCoverage.Seen.here().neverCrossed(FLOW)).hasSize(2).first().asString().matches("flow.yaml:\\d+ hand-on");
            messages.sendBody("direct:sample-run", "yes");
            assertThat(RouteCoverage.Seen.here().neverCrossed(FLOW)).isEmpty();
            assertThat(RouteCoverage.Seen.here().wasStarted(Path.of("routes/nowhere.yaml"))).isFalse();
        }
    }

    /** Two JVMs cross each other's gaps; what none of them crossed is missing. */
    @Test
    void whatTheJvmsOfABuildCrossedIsSummedUp(@TempDir Path folder) {
        CoverageNotes one = new CoverageNotes(folder.resolve("build"));
        CoverageNotes other = new CoverageNotes(folder.resolve("build"));
        assertThat(one.all(CoverageNotes.Kind.KNOWN)).isEmpty();
        for (int line = 1; line <= 3; line++) {
            one.add(CoverageNotes.Kind.KNOWN, new RouteCoverage.Step("flow.yaml", line, "to", "to" + line).noted());
            other.add(CoverageNotes.Kind.KNOWN, new RouteCoverage.Step("flow.yaml", line, "to", "to" + (line + 3)).noted());
        }
        one.add(CoverageNotes.Kind.CROSSED, new RouteCoverage.Step("flow.yaml", 1, "to", "to1").noted());
        other.add(CoverageNotes.Kind.CROSSED, new RouteCoverage.Step("flow.yaml", 3, "to", "to6").noted());
        other.add(CoverageNotes.Kind.RAN, "io.syncline.HouseTest");
        RouteCoverage.Seen seen = RouteCoverage.Seen.in(new CoverageNotes(folder.resolve("build")));
        assertThat(seen.wasStarted(FLOW)).isTrue();
        assertThat(seen.neverCrossed(FLOW)).singleElement().asString().startsWith("flow.yaml:2 ");
        assertThat(one.all(CoverageNotes.Kind.RAN)).containsExactly("io.syncline.HouseTest");
    }

    @Test
    void everySpringContextOfATestIsWatched() {
        try (ConfigurableApplicationContext spring = new SpringApplicationBuilder(JustCamel.class).web(WebApplicationType.NONE)
                .run("--spring.config.location=optional:classpath:/no-settings/")) {
            CamelContext context = spring.getBean(CamelContext.class);
            assertThat(context.getCamelContextExtension().getInterceptStrategies()).contains(spring.getBean(InterceptStrategy.class));
        }
        assertThat(getClass().getResource("/META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports")).isNotNull();
    }
}
