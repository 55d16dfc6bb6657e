package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
)

// start is what a provider process costs before it is of any use.
type start struct {
	// wall is the time from the start of the process to the response to its first request, for the schema; cpu is
	// what the process computed until then.
	wall, cpu time.Duration
}

// firstResponse starts a provider as Terraform does and asks for its schema. temporary is a directory for its socket.
func firstResponse(ctx context.Context, program, temporary string) (start, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()

	// The magic cookie is how a plugin of Terraform's knows that it was not started by hand.
	command := exec.CommandContext(ctx, program)
	command.Env = append(os.Environ(), "TMPDIR="+temporary, "PLUGIN_PROTOCOL_VERSIONS=6",
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")

	output, err := command.StdoutPipe()
	if err != nil {
		return start{}, err
	}

	began := time.Now()
	if err := command.Start(); err != nil {
		return start{}, err
	}

	err = ask(ctx, bufio.NewReader(output))
	wall := time.Since(began)

	// The process is killed: an error of Wait says no more than that.
	stop()

	_ = command.Wait()

	if err != nil {
		return start{}, err
	}

	return start{wall: wall, cpu: command.ProcessState.UserTime() + command.ProcessState.SystemTime()}, nil
}

// ask reads the handshake and requests the schema. The response is not decoded, so its messages need not be known.
func ask(ctx context.Context, output *bufio.Reader) error {
	handshake, err := output.ReadString('\n')
	if err != nil {
		return fmt.Errorf("handshake: %w", err)
	}

	// Versions of plugin and protocol, network, address, transport.
	fields := strings.Split(strings.TrimSpace(handshake), "|")
	if len(fields) < 5 || fields[2] != "unix" || fields[4] != "grpc" {
		return errors.New("the handshake is none: " + handshake)
	}

	connection, err := grpc.NewClient("unix:"+fields[3], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()

	return connection.Invoke(ctx, "/tfplugin6.Provider/GetProviderSchema", &emptypb.Empty{}, &emptypb.Empty{})
}
