package dev.perennial.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  private final EchoServer server;
  private final TcpProxy proxy;

  TcpProxyTest() throws IOException {
    this.server = new EchoServer('a');
    this.proxy = TcpProxy.start("127.0.0.1", server.port());
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    await(() -> proxy.connections() == 0);
    server.close();
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the time for it").isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** A connection through the proxy that has been greeted. */
  private Socket connect(char greeting) throws IOException {
    Socket socket = new Socket(Ports.loopback(), proxy.port());
    socket.setSoTimeout(Math.toIntExact(LONG.toMillis()));
    assertThat(socket.getInputStream().read()).isEqualTo(greeting);
    return socket;
  }

  private static String echoed(Socket socket, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    socket.getOutputStream().write(bytes);
    return new String(socket.getInputStream().readNBytes(bytes.length), StandardCharsets.US_ASCII);
  }

  @Test
  void bytesGoThereAndBackAndBothEndsAreTold() throws IOException {
    try (Socket socket = connect('a')) {
      assertThat(echoed(socket, "hello")).isEqualTo("hello");
      assertThat(proxy.connections()).isEqualTo(1);

      socket.getOutputStream().write('x');
      socket.shutdownOutput();

      assertThat(socket.getInputStream().readAllBytes()).containsExactly('x');
      await(() -> server.ends().size() == 1);
      assertThat(server.ends()).containsExactly("closed");
    }
    await(() -> proxy.connections() == 0);
  }

  @Test
  void manyMegabytesArriveAsTheyWereSentOnManyConnectionsAtOnce() throws Exception {
    List<Callable<Boolean>> calls = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      int seed = i;
      calls.add(() -> carriesAll(seed));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> each : threads.invokeAll(calls)) {
        assertThat(each.get()).isTrue();
      }
    }
  }

  private boolean carriesAll(int seed) throws Exception {
    byte[] sent = new byte[2 << 20];
    new SplittableRandom(seed).nextBytes(sent);
    try (Socket socket = connect('a');
        ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> writing =
          sender.submit(() -> {
            socket.getOutputStream().write(sent);
            return sent.length;
          });
      byte[] back = socket.getInputStream().readNBytes(sent.length);
      writing.get();
      return Arrays.equals(sent, back);
    }
  }

  @Test
  void aCutResetsBothSidesAndTheNextConnectionIsCarried() throws IOException {
    try (Socket socket = connect('a')) {
      proxy.cut();

      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
      await(() -> server.ends().size() == 1);
      assertThat(server.ends()).containsExactly("reset");
    }
    try (Socket socket = connect('a')) {
      assertThat(echoed(socket, "again")).isEqualTo("again");
    }
  }

  @Test
  void aBlockResetsAndRefusesUntilItEnds() throws IOException {
    try (Socket socket = connect('a')) {
      proxy.block();
      proxy.block();

      assertThatThrownBy(() -> socket.getInputStream().read()).hasMessageContaining("reset");
    }
    assertThatThrownBy(() -> connect('a')).isInstanceOf(ConnectException.class);

    int port = proxy.port();
    proxy.unblock();
    proxy.unblock();
    assertThat(proxy.port()).isEqualTo(port);
    try (Socket socket = connect('a')) {
      assertThat(echoed(socket, "back")).isEqualTo("back");
    }
  }

  @Test
  void latencyIsAddedInEachDirectionAndNotToEachChunk() throws IOException {
    try (Socket socket = connect('a')) {
      proxy.latency(Duration.ofMillis(100));
      long before = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        socket.getOutputStream().write('0' + i % 10);
        LockSupport.parkNanos(2_000_000);
      }
      assertThat(socket.getInputStream().readNBytes(20)).hasSize(20);
      Duration took = Duration.ofNanos(System.nanoTime() - before);
      assertThat(took).isBetween(Duration.ofMillis(200), Duration.ofMillis(1_500));

      proxy.latency(Duration.ZERO);
      before = System.nanoTime();
      assertThat(echoed(socket, "quick")).isEqualTo("quick");
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(150));
    }
  }

  @Test
  void aBlackholeSwallowsAndItsEndResetsWhoLostSomething() throws IOException {
    try (Socket talking = connect('a');
        Socket quiet = connect('a')) {
      proxy.blackhole(true);
      talking.getOutputStream().write('x');
      talking.setSoTimeout(150);
      assertThatThrownBy(() -> talking.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      try (Socket late = new Socket(Ports.loopback(), proxy.port())) {
        late.setSoTimeout(150);
        assertThatThrownBy(() -> late.getInputStream().read())
            .isInstanceOf(SocketTimeoutException.class);
        assertThat(server.accepted()).isEqualTo(2);

        proxy.blackhole(false);

        late.setSoTimeout(Math.toIntExact(LONG.toMillis()));
        assertThatThrownBy(() -> late.getInputStream().read()).hasMessageContaining("reset");
      }
      talking.setSoTimeout(Math.toIntExact(LONG.toMillis()));
      assertThatThrownBy(() -> talking.getInputStream().read()).hasMessageContaining("reset");
      assertThat(echoed(quiet, "still here")).isEqualTo("still here");
    }
  }

  @Test
  void aTargetThatIsAwayMeansAResetAndAnotherOneCanBeNamed() throws IOException {
    try (EchoServer other = new EchoServer('b');
        Socket old = connect('a')) {
      proxy.target("127.0.0.1", Ports.free(0));
      assertThatThrownBy(() -> connect('a')).isInstanceOf(SocketException.class);

      proxy.target("127.0.0.1", other.port());
      try (Socket socket = connect('b')) {
        assertThat(echoed(socket, "there")).isEqualTo("there");
      }
      assertThat(echoed(old, "here")).isEqualTo("here");
    }
  }

  @Test
  void aCallersResetReachesTheTarget() throws IOException {
    Socket socket = connect('a');
    socket.setSoLinger(true, 0);
    socket.close();

    await(() -> server.ends().size() == 1);
    assertThat(server.ends()).containsExactly("reset");
  }

  @Test
  void closingResetsWhatIsOpenAndLetsThePortGo() throws IOException {
    try (Socket socket = connect('a')) {
      proxy.latency(Duration.ofSeconds(30));
      socket.getOutputStream().write('x');
      proxy.close();
      proxy.close();
      proxy.unblock();

      assertThatThrownBy(() -> socket.getInputStream().read()).hasMessageContaining("reset");
      assertThat(Ports.isFree(proxy.port())).isTrue();
    }
  }
}
