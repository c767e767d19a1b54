package dev.perennial.devstack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A way to a server that can be made bad: a port on 127.0.0.1 whose connections are carried to a
 * target, byte for byte, and can be cut, held up or swallowed while they are in use. Its port stays
 * the same until it is closed. Thread-safe; virtual threads carry the bytes.
 */
public final class TcpProxy implements AutoCloseable {
  private static final int CONNECT_LIMIT_MILLIS = 10_000;
  private static final long BIND_LIMIT_NANOS = 5_000_000_000L;
  private static final int BACKLOG = 1_024;
  private static final int CHUNK_BYTES = 32_768;
  // At most 2 MiB are under way in each direction of a connection; then its sender waits.
  private static final int CHUNKS_UNDER_WAY = 64;

  private final int port;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private volatile InetSocketAddress target;
  private volatile long latencyNanos;
  private volatile boolean silent;
  private @Nullable Listener listener;
  private boolean closed;

  private TcpProxy(InetSocketAddress target) {
    this.target = target;
    this.port = Ports.free(0);
    listen();
  }

  /**
   * Starts one on any port. The target need not listen yet: a connection to it is made for each
   * that comes in, and who comes in vain is reset.
   *
   * @throws UncheckedIOException where no port can be listened on
   */
  public static TcpProxy start(String host, int port) {
    return new TcpProxy(new InetSocketAddress(host, port));
  }

  /** Where it listens, on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** How many connections it carries now. */
  public int connections() {
    return links.size();
  }

  /** Connections made from now on go there; those that are open stay where they are. */
  public void target(String host, int targetPort) {
    target = new InetSocketAddress(host, targetPort);
  }

  /** Resets (TCP RST) every open connection, on both sides. New ones are carried as before. */
  public void cut() {
    links.forEach(Link::reset);
  }

  /** Resets every open connection and listens no more: who connects is refused. */
  public void block() {
    stopListening();
    cut();
  }

  /**
   * Listens again after {@link #block()}; without one it does nothing.
   *
   * @throws UncheckedIOException where somebody else took the port in the meantime
   */
  public synchronized void unblock() {
    if (listener == null && !closed) {
      listen();
    }
  }

  /**
   * From now on every byte arrives this much later, in each direction; zero for at once. Making a
   * connection takes no longer.
   */
  public void latency(Duration added) {
    latencyNanos = added.toNanos();
  }

  /**
   * A silent partition: connections are accepted and stay open, but what is sent is read and
   * forwarded to nobody. When it ends, connections that lost something are reset, since the rest of
   * their bytes would mean nothing.
   */
  public synchronized void blackhole(boolean wanted) {
    silent = wanted;
    if (!wanted) {
      links.stream().filter(link -> link.lossy).forEach(Link::reset);
    }
  }

  /** Resets every open connection and lets the port go. Calling it again does nothing. */
  @Override
  public void close() {
    end();
    stopListening();
    cut();
  }

  private synchronized void end() {
    closed = true;
  }

  private synchronized void listen() {
    listener = new Listener(bind(port));
  }

  private static ServerSocket bind(int port) {
    long deadline = System.nanoTime() + BIND_LIMIT_NANOS;
    while (true) {
      try {
        ServerSocket bound = new ServerSocket();
        bound.setReuseAddress(true);
        bound.bind(new InetSocketAddress(Ports.loopback(), port), BACKLOG);
        return bound;
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw new UncheckedIOException("the proxy cannot listen on port " + port, e);
        }
        LockSupport.parkNanos(5_000_000);
      }
    }
  }

  // Outside the lock, which the one who accepts may be waiting for.
  private void stopListening() {
    Listener stopped = takeListener();
    if (stopped != null) {
      stopped.stop();
    }
  }

  private synchronized @Nullable Listener takeListener() {
    Listener taken = listener;
    listener = null;
    return taken;
  }

  private synchronized void admit(Listener from, Socket client) {
    Link link = new Link(client, silent);
    if (from.isStopped()) {
      link.reset();
    } else {
      links.add(link);
      Thread.ofVirtual().name("tcp-proxy-link").start(link::carry);
    }
  }

  // With the lock: a blackhole that ends must see every connection that lost something.
  private synchronized boolean loses(Link link) {
    link.lossy |= silent;
    return link.lossy;
  }

  private static void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      // It is closed all the same.
    }
  }

  /** The port while it is listened on. */
  private final class Listener {
    private final ServerSocket socket;
    private final Thread accepting;

    Listener(ServerSocket socket) {
      this.socket = socket;
      this.accepting = Thread.ofVirtual().name("tcp-proxy-accept").start(this::accept);
    }

    boolean isStopped() {
      return socket.isClosed();
    }

    // The system stops listening only when nobody waits in accept any more.
    void stop() {
      TcpProxy.close(socket);
      try {
        accepting.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void accept() {
      while (!socket.isClosed()) {
        try {
          admit(this, socket.accept());
        } catch (IOException e) {
          // Closed, or a caller that was gone before it was accepted.
        }
      }
    }
  }

  /**
   * Bytes on their way.
   *
   * @param due when they are to arrive, by {@link System#nanoTime()}
   * @param last whether the sender is done: then there are no bytes
   */
  private record Chunk(ByteBuffer bytes, long due, boolean last) {}

  /** One connection from a client, and the one to the target that belongs to it. */
  private final class Link {
    private final Socket client;
    private final Socket server = new Socket();
    private final CountDownLatch over = new CountDownLatch(1);
    private final boolean unconnected;
    private volatile boolean lossy;

    /**
     * @param swallowed whether it came during a blackhole: then the target never hears of it
     */
    Link(Socket client, boolean swallowed) {
      this.client = client;
      this.unconnected = swallowed;
      this.lossy = swallowed;
    }

    void carry() {
      try (client;
          server) {
        carryToTheEnd();
      } catch (IOException e) {
        // It is closed all the same.
      } finally {
        links.remove(this);
      }
    }

    private void carryToTheEnd() {
      try {
        if (unconnected) {
          client.getInputStream().transferTo(OutputStream.nullOutputStream());
        } else {
          connect();
          Thread back = Thread.ofVirtual().name("tcp-proxy-back").start(() -> flow(server, client));
          flow(client, server);
          back.join();
        }
      } catch (IOException e) {
        reset();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        reset();
      }
    }

    private void connect() throws IOException {
      InetSocketAddress wanted = target;
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      server.connect(
          new InetSocketAddress(wanted.getHostString(), wanted.getPort()), CONNECT_LIMIT_MILLIS);
    }

    /** Carries one direction to its end. */
    private void flow(Socket from, Socket to) {
      BlockingQueue<Chunk> underWay = new ArrayBlockingQueue<>(CHUNKS_UNDER_WAY);
      Thread.ofVirtual().name("tcp-proxy-read").start(() -> read(from, underWay));
      try {
        deliver(underWay, to);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        reset();
      }
    }

    // Whatever happens, a last chunk comes: the one who delivers waits for it.
    private void read(Socket from, BlockingQueue<Chunk> underWay) {
      byte[] buffer = new byte[CHUNK_BYTES];
      try {
        try {
          InputStream in = from.getInputStream();
          for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            underWay.put(new Chunk(ByteBuffer.wrap(Arrays.copyOf(buffer, read)), due(), false));
          }
        } catch (IOException e) {
          reset();
        }
        underWay.put(new Chunk(ByteBuffer.allocate(0), due(), true));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        reset();
      }
    }

    private long due() {
      return System.nanoTime() + latencyNanos;
    }

    // After a failure it goes on taking, so that the one who reads never waits for room.
    private void deliver(BlockingQueue<Chunk> underWay, Socket to) throws InterruptedException {
      boolean done = false;
      while (!done) {
        Chunk chunk = underWay.take();
        try {
          if (!isOverBefore(chunk) && !loses(this)) {
            write(chunk, to);
          }
        } catch (IOException e) {
          reset();
        }
        done = chunk.last();
      }
    }

    private boolean isOverBefore(Chunk chunk) throws InterruptedException {
      return over.await(chunk.due() - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private static void write(Chunk chunk, Socket to) throws IOException {
      if (chunk.last()) {
        to.shutdownOutput();
      } else {
        to.getOutputStream().write(chunk.bytes().array());
      }
    }

    void reset() {
      over.countDown();
      links.remove(this);
      reset(client);
      reset(server);
    }

    private static void reset(Socket socket) {
      try {
        socket.setSoLinger(true, 0);
      } catch (IOException gone) {
        // Then there is nothing to reset.
      }
      close(socket);
    }
  }
}
