package redisstore

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/duosub/duosub/internal/redistest"
	"github.com/redis/go-redis/v9"
)

// cluster is a cluster of one node, which refuses commands across slots as a
// large one does. It takes two seconds to come up, so that tests share it.
var cluster struct {
	once   sync.Once
	server *redistest.Server
	err    error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if cluster.server != nil {
		if err := cluster.server.Close(); err != nil && code == 0 {
			code = 1
		}
	}
	os.Exit(code)
}

// startCluster is a client of the cluster, which holds nothing.
func startCluster(t testing.TB) redis.UniversalClient {
	t.Helper()
	redistest.Need(t)
	cluster.once.Do(func() {
		cluster.server, cluster.err = redistest.New("tcp", "--cluster-enabled", "yes",
			"--cluster-config-file", "nodes.conf", "--cluster-port", strconv.Itoa(freePort(t)))
		if cluster.err == nil {
			cluster.err = waitForCluster(cluster.server.Client(t))
		}
	})
	if cluster.err != nil {
		t.Fatal(cluster.err)
	}
	if err := cluster.server.Client(t).FlushAll(ctx).Err(); err != nil {
		t.Fatal(err)
	}
	c := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{cluster.server.Addr}})
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func waitForCluster(c *redis.Client) error {
	if err := c.Do(ctx, "CLUSTER", "ADDSLOTSRANGE", 0, 16383).Err(); err != nil {
		return err
	}
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		info, err := c.ClusterInfo(ctx).Result()
		if err == nil && strings.Contains(info, "cluster_state:ok") {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the cluster does not come up: %s, %w", info, err)
		}
	}
}

// freePort is a port for the bus of a cluster's node.
func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
