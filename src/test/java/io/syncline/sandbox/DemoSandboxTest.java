package io.syncline.sandbox;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ExtendWith(OutputCaptureExtension.class)
class DemoSandboxTest {
    @Test
    void theDemoProfileStartsItBeforeAnyBeanAsksAndStopsItWithTheApplication() throws Exception {
        URI address;
        try (ConfigurableApplicationContext context = start(Application.class, "--spring.profiles.active=demo", "--syncline.sandbox.port=0")) {
            ServiceTitanSandbox sandbox = context.getBean(ServiceTitanSandbox.class);
            address = URI.create(sandbox.url());
            assertThat(context.getBean("seen", String.class)).isEqualTo(sandbox.url() + " " + sandbox.url() + "/connect/token "
                    + "1234567 sandbox-client sandbox-secret sandbox-app-key true");
            new Socket(address.getHost(), address.getPort()).close();
        }
        assertThatThrownBy(() -> new Socket(address.getHost(), address.getPort())).isInstanceOf(IOException.class);
    }

    @Test
    void whatIsSetIsKeptAndTakenByTheSandbox() {
        String[] arguments = {"--spring.profiles.active=demo", "--syncline.sandbox.port=0", "--SERVICETITAN_TENANT=99",
            "--syncline.sandbox.size=240"};
        try (ConfigurableApplicationContext context = start(Application.class, arguments)) {
            assertThat(context.getEnvironment().getProperty("SERVICETITAN_TENANT")).isEqualTo("99");
            assertThat(context.getBean(ServiceTitanSandbox.class).options().tenant()).isEqualTo("99");
            assertThat(context.getBean(ServiceTitanSandbox.class).options().size()).isEqualTo(240);
        }
    }

    @Test
    void withoutTheProfileOrWithASystemOfOnesOwnThereIsNone() {
        try (ConfigurableApplicationContext context = start(Empty.class)) {
            assertThat(context.getBeansOfType(ServiceTitanSandbox.class)).isEmpty();
        }
        try (ConfigurableApplicationContext context = start(Empty.class, "--spring.profiles.active=demo", "--SERVICETITAN_URL=https://example.test")) {
            assertThat(context.getBeansOfType(ServiceTitanSandbox.class)).isEmpty();
        }
    }

    /** A run that is under way at Ctrl-C reads on for a while. */
    @Test
    void itAnswersUntilEverythingElseHasStopped() {
        Reader reader;
        try (ConfigurableApplicationContext context = start(Reading.class, "--spring.profiles.active=demo", "--syncline.sandbox.port=0")) {
            reader = context.getBean(Reader.class);
        }
        assertThat(reader.stopped).as("stopped while the sandbox still answered").containsExactly("lifecycle", "bean");
        assertThatThrownBy(() -> new Socket(reader.sandbox.getHost(), reader.sandbox.getPort())).isInstanceOf(IOException.class);
    }

    @Test
    void itStopsWhenTheApplicationFailsToStart() {
        List<String> urls = new ArrayList<>();
        assertThatThrownBy(() -> start(Failing.class, urls, "--spring.profiles.active=demo", "--syncline.sandbox.port=0"));
        URI address = URI.create(urls.get(0));
        assertThatThrownBy(() -> new Socket(address.getHost(), address.getPort())).isInstanceOf(IOException.class);
    }

    @Test
    void aStartWithATakenPortIsExplainedWithoutAStackTrace(CapturedOutput output) {
        try (ServiceTitanSandbox first = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT.size(24))) {
            int port = URI.create(first.url()).getPort();
            assertThatThrownBy(() -> start(Empty.class, "--spring.profiles.active=demo", "--syncline.sandbox.port=" + port)).isInstanceOf(TakenPort.class);
            assertThat(output.getErr()).contains("Syncline did not start. The sandbox cannot listen: port " + port + " on 127.0.0.1 is taken");
            assertThat(output.getAll()).doesNotContain("\tat io.syncline");
        }
    }

    @Test
    void aTakenPortIsNamedWithTheWayOut() {
        try (ServiceTitanSandbox first = ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT.size(24))) {
            int port = URI.create(first.url()).getPort();
            assertThatThrownBy(() -> ServiceTitanSandbox.start(ServiceTitanSandbox.Options.DEFAULT.port(port)))
                    .hasMessageContaining("port " + port + " on 127.0.0.1 is taken; syncline.sandbox.port chooses another one, 0 a free one");
        }
    }

    private static ConfigurableApplicationContext start(Class<?> application, String... arguments) {
        return start(application, new ArrayList<>(), arguments);
    }

    private static ConfigurableApplicationContext start(Class<?> application, List<String> urls, String... arguments) {
        SpringApplication spring = new SpringApplication(application);
        spring.setWebApplicationType(WebApplicationType.NONE);
        spring.addInitializers(context -> {
            String url = context.getEnvironment().getProperty("SERVICETITAN_URL");
            if (url != null) {
                urls.add(url);
            }
        });
        return spring.run(arguments);
    }

    static class Empty {
    }

    static class Application {
        @Bean
        String seen(Environment environment) {
            return String.join(" ", List.of("URL", "TOKEN_URL", "TENANT", "CLIENT_ID", "CLIENT_SECRET", "APP_KEY", "PRIVATE_NETWORK").stream()
                    .map(name -> environment.getRequiredProperty("SERVICETITAN_" + name)).toList());
        }
    }

    /** Calls the sandbox as late as a bean can. */
    static final class Reader implements SmartLifecycle, DisposableBean {
        private final URI sandbox;
        private final List<String> stopped = new ArrayList<>();
        private boolean running;

        Reader(URI sandbox) {
            this.sandbox = sandbox;
        }

        @Override
        public int getPhase() {
            return Integer.MIN_VALUE;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            running = false;
            call("lifecycle");
        }

        @Override
        public void destroy() {
            call("bean");
        }

        private void call(String when) {
            try (Socket socket = new Socket(sandbox.getHost(), sandbox.getPort())) {
                stopped.add(socket.isConnected() ? when : "nobody");
            } catch (IOException e) {
                stopped.add(e.toString());
            }
        }
    }

    static class Reading {
        @Bean
        Reader reader(Environment environment) {
            return new Reader(URI.create(environment.getRequiredProperty("SERVICETITAN_URL")));
        }
    }

    static class Failing {
        @Bean
        String broken() {
            throw new IllegalStateException("on purpose");
        }
    }
}
