package dev.perennial.e2e;

import com.github.dockerjava.api.command.InspectImageCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * In containers, where a Docker engine answers and has the images: one that would have to pull
 * first may hang, so it is never asked to.
 */
final class ContainerServers implements Servers {
  static final String KAFKA_IMAGE = "apache/kafka:4.4.0";
  static final String REDIS_IMAGE = "redis:7.0";
  private static final int REDIS_PORT = 6379;
  private static final Duration ASK = Duration.ofSeconds(5);

  private final KafkaContainer kafka = new KafkaContainer(DockerImageName.parse(KAFKA_IMAGE));
  private final GenericContainer<?> redis =
      new GenericContainer<>(DockerImageName.parse(REDIS_IMAGE))
          .withCommand("redis-server", "--appendonly", "yes", "--appendfsync", "always")
          .withExposedPorts(REDIS_PORT)
          .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*", 1));

  private ContainerServers() {
    try {
      kafka.start();
      redis.start();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Whether an engine answers in time and has both images. */
  static boolean available() {
    CompletableFuture<Boolean> answer =
        CompletableFuture.supplyAsync(() ->
            DockerClientFactory.instance().isDockerAvailable()
                && has(KAFKA_IMAGE)
                && has(REDIS_IMAGE));
    try {
      return answer.get(ASK.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean has(String image) {
    try (InspectImageCmd ask = DockerClientFactory.instance().client().inspectImageCmd(image)) {
      return ask.exec().getId() != null;
    } catch (NotFoundException _) {
      return false;
    }
  }

  static ContainerServers start() {
    return new ContainerServers();
  }

  @Override
  public String kafka() {
    return kafka.getBootstrapServers().replaceFirst("^\\w+://", "");
  }

  @Override
  public URI redis() {
    return URI.create("redis://" + redis.getHost() + ":" + redis.getMappedPort(REDIS_PORT));
  }

  @Override
  public void close() {
    kafka.stop();
    redis.stop();
  }
}
