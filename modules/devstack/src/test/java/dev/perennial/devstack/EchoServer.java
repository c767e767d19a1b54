package dev.perennial.devstack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Says back what it hears, after a greeting of one byte, and knows how each connection ended. */
final class EchoServer implements AutoCloseable {
  private final ServerSocket listener;
  private final char greeting;
  private final AtomicInteger accepted = new AtomicInteger();
  private final Queue<String> ends = new ConcurrentLinkedQueue<>();

  EchoServer(char greeting) throws IOException {
    this.greeting = greeting;
    this.listener = new ServerSocket();
    listener.bind(new InetSocketAddress(Ports.loopback(), Ports.free(0)));
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  int accepted() {
    return accepted.get();
  }

  /** How connections ended, in that order: {@code closed} or {@code reset}. */
  Queue<String> ends() {
    return ends;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        accepted.incrementAndGet();
        Thread.ofVirtual().start(() -> echo(socket));
      } catch (IOException closed) {
        // Then the loop ends.
      }
    }
  }

  private void echo(Socket socket) {
    try (socket) {
      socket.getOutputStream().write(greeting);
      socket.getInputStream().transferTo(socket.getOutputStream());
      ends.add("closed");
    } catch (IOException e) {
      ends.add("reset");
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
