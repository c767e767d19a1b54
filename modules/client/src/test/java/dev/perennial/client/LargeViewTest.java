package dev.perennial.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many connections on a real broker, sealed; {@code -Dperennial.client.connections} says how many.
 * How long it takes is printed, not asserted.
 */
class LargeViewTest {
  private static final Logger log = LoggerFactory.getLogger(LargeViewTest.class);
  private static final int CONNECTIONS = Integer.getInteger("perennial.client.connections", 20_000);

  @Test
  @Timeout(240)
  void a_view_of_many_connections_becomes_ready() throws Exception {
    String accessToken = "a".repeat(700);
    try (Broker broker = new Broker()) {
      Broker.Publisher publisher = broker.publisher();
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int n = 0; n < CONNECTIONS; n++) {
        ConnectionKey key = new ConnectionKey("google", "c" + n);
        sent.add(
            publisher.publish(
                States.of(
                    key,
                    1,
                    Status.ACTIVE,
                    Change.CONNECTED,
                    publisher.sealed(key, accessToken),
                    null)));
      }
      for (Future<RecordMetadata> one : sent) {
        one.get();
      }
      long start = Time.SYSTEM.nanos();
      try (Credentials credentials =
          Credentials.onKafka(broker.properties())
              .topics(publisher.topics)
              .sealer(publisher.ring)
              .start()) {
        credentials.ready().get(120, TimeUnit.SECONDS);
        Duration took = Time.SYSTEM.since(start);
        log.info("a view of {} connections was ready after {} ms", CONNECTIONS, took.toMillis());
        assertThat(credentials.lag()).isZero();
        assertThat(credentials.token("google/c0").accessToken().reveal()).isEqualTo(accessToken);
        assertThat(credentials.token("google/c" + (CONNECTIONS - 1)).version()).isEqualTo(1);
      }
    }
  }
}
